//! Tells what only informs: findings, other bodies' recommendations, deliberations, research needs, instructions for
//! using a document or a form.
//!
//! Says nothing of what recommends; a sentence that informs in one half and recommends in the other is taken to inform,
//! because a missed recommendation is still found as prose and a made-up one misleads.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::imperative;
use super::recommendation::Setting;
use crate::language::pattern;

static ABOUT_THE_DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^\W?\[(?:technical note|section (?:title|name|number|head)|attach|link|begin|end|activity|order|note to|required|default|prompt)\b|\bKNART|\bend[- ]users?\b|\busers? (?:should|must)\b|\breaders? (?:should|must)\b|\bthe (?:system|interface|template|section|following (?:sections?|template)|link) (?:should|must)|\b(?:this|following|each|every) (?:section|template|checklist|form|item|behavior|symbol|report|summary|document|publication|file|website|material|annex|tool|table|figure|box|guide|chapter|publication)s? (?:should|must|is not|can|may)|\b(?:one|items?|options?|box|boxes|checkbox|checkboxes|that) (?:should|must) be selected|\b(?:should|must) be (?:prechecked|displayed|addressed to|cited|attributed|obtained from the underlying|available (?:to|for) (?:all )?(?:clinical |ordering |)(?:providers|patients for whom)|construed|made available for|presented (?:to|for|with)|read (?:in conjunction|together|with))|\bdocumentation template\b|\bimplies|\bimply endorsement|\bsuggested citation|\bitems? (?:that )?(?:should|must) be (?:attached|selected)|\bshould not be included\b|\bIndicates (?:that|items?)|^Check box|^Select (?:all|one|any)|\bselection behavior\b|copyright|all rights reserved|\bpermissions?\b[^.]{0,60}\b(?:request|licen[cs])|\bPDQ\b[^.]{0,60}\b(?:should|must)|content of PDQ|\bclinical trials? (?:search|from NCI|registry)|formal ranking system|\bthis guideline (?:should|must|is)\b|<(?:obtain|include|display|order)|\bitemCode|^\W*#|^[^\[]*\]$|^Select (?:only|all|one|any|from)\b|^Set (?:the )?screening interval|^Identify (?:the )?patient as|^Exclude patients? (?:for|with|who)|\bliable\b|\bresuscitate \(DNR|^\W*Refer to (?:the )?(?:\w+ )?(?:PDQ|summary|section|chapter|tables?|figures?|annex|appendix|box)\b|\bPICO\b|\bprinciples\b[^.]{0,80}\bshould\b|\bshould guide\b|\bnot be relied|^Report mm\d|\b(?:use|see) this (?:table|figure|schedule|form|worksheet)\b|\bfootnotes? \(?#?\d*\)? ?was\b|\b(?:was|were) (?:changed|modified|revised|updated|added|removed) to\b|^Consult (?:Request|Specialty)|\bmisapply(?:ing)? (?:this|the)\b|^\W*(?:clinical comments?: )?intended to\b|\bpatients? should be excluded\b|\bimportant to note\b|(?:\bplease|[,;]) refer to (?:the )?(?:\w+ ){0,3}(?:PDQ|summary|section|chapter|tables?|annex|appendix|box)\b|^\W*Refer to (?:the )?[^.;]{0,80}\b(?:statement|package insert|prescribing information|guidelines?)\b[^.;]{0,20}\bfor\b|\bshould be observed:?$|\breceive a waiver)",
    )
});
static WHERE_TO_ASK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:to learn more|more information|further details|toll-free|subscrib|superintendent)|1-800-")
});
static DELIBERATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:previous|earlier|prior|older) (?:guidelines?|recommendations?|guidance|reports?|panels?)\b|\b(?:panels?|committees?|GDG|(?:development|expert|steering|working|review|work) groups?|workgroup|experts|reviewers|authors|investigators|researchers|commenters?|studies|study|trials?|reviews?|reports?|surveys?|interviews?|evidence|data|we|ACIP|CDC|WHO|USPSTF|task force)\b(?: \w+| \([^)]*\)){0,6}? (?:recommended|suggested|considered|noted|agreed|judged|discussed|felt|concluded|acknowledged|emphasi[sz]ed|highlighted|stated|reported|found|showed|believed|thought|determined|decided|raised|commented|expressed|viewed|recogni[sz]ed|argued|proposed|advised|indicated|stressed|revealed|observed|preferred|conclude[ds]?|argues?|believes?) (?:that|against|the|a|an|on|in|by|using|to|for|whether|about|how|this|as|it|no|not)\b|\b(?:members|participants|respondents|stakeholders|partners|women|patients|adults|persons|people|parents|clinicians|providers|some|many|several|others) (?:\w+ ){0,3}?(?:noted|agreed|judged|felt|concluded|emphasi[sz]ed|highlighted|stated|reported|believed?|thought|decided|commented|expressed|viewed|argued?|proposed) (?:that|the|a|an|on|in|using|whether|about|how|this|it)\b|\binsufficient evidence to determine (?:risk|the (?:risk|effect)|whether|effects?)\b|\byou must (?:then )?licen[sc]e\b",
    )
});
static RESEARCH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:future|further|additional|more|ongoing|new|subsequent|larger|such|these) (?:\w+ ){0,3}(?:research|studies|trials?|RCTs)\b|(?:research(?:ers)?|trials|investigators|RCTs) (?:should|must|is|are|needs?)|studies (?:are needed|need)|research (?:priorit|gap|agenda|need|question)|\b(?:systematic )?reviews? (?:\w+ ){0,3}needs? to be updated|(?:should|must|needs? to) be (?:\w+ )?(?:studied|investigated|explored in|researched|evaluated in (?:future|clinical trials))|hypothesis)",
    )
});
static READING_OF_RESULTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:should|must|cannot|can) (?:not |therefore |also |always |be )*(?:interpreted|noted|viewed|regarded as|construed|understood|recalled|stressed|emphasi[sz]ed that|acknowledged|recogni[sz]ed (?:as|that)|mentioned|generali[sz]ed|extrapolated|attributed|compared with caution|treated as (?:a|an|preliminary)|seen as|expected|remembered|pointed out|comparable|sufficient|possible|considered (?:preliminary|conservative|representative|incomplete|to be))|\bshould (?:result|lead|help|allow|enable|reach|translate|yield|remain low|soon)\b|\b(?:findings?|estimates?|these data|limitations?|costs?|these numbers?) (?:\w+ ){0,4}(?:should|must) (?:not )?be\b)",
    )
});
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:strong|weak|conditional|category [AB]|grade [A-E]|level [1-3]|class (?:I+|\d)) recommendations? (?:is|are|was|were|means?|indicates?|applies|imply|implies|reflects?)\b|\b(?:is|are) defined as\b|\brecommendations? (?:is|are|was|were|that|for which|in this|of the|from|by|about|regarding)\b[^.]{0,80}\b(?:strong|conditional|graded?|based|developed|formulated|categori|consistent|voluntary|presented|listed|summari[sz]ed|intended|not intended|rated|classified|described|derived|issued|published|updated|made)|\bstrength of (?:the )?recommendations?\b|\b(?:strong|conditional) recommendation [“\x22]|\brecommended course of action\b)",
    )
});
static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:believed?|argued?|stat(?:ed|es|ing)|agreed|reported|thought|think|felt|concluded|proposed|asserted?|respond\w*|perceived?|discussed|considered|unclear|uncertain|unknown|not known|debate\w*|know(?:ledge)?|question\w*|decid\w+|determin\w+|aware) (?:\w+ ){0,3}(?:that|whether|if|how|when|which|who|what)\b[^.;]{0,160}\b(?:should|must|recommended|indicated)|\bwhether\b[^.]{0,250}\bshould|\bshould have (?:been|had|received)|\b(?:what|which|whether|how|why|when to)\b (?:\w+ ){0,6}should\b|%[^.]{0,80}\b(?:agreed|believed|recommended|should)|\bwould (?:\w+ ){0,3}(?:have been )?recommended|\bif (?:\w+ ){0,8}(?:was|were) recommended|\b(?:recommended|advised|suggested) by (?:the )?(?:their|a |an |other|physicians?|clinicians?|doctors?|health))",
    )
});
/// "WHO recommends that it be considered for …": a participle, and no report.
static PRESENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:be|is|are|being|recommends|suggests|advises)\b"));
/// Sentences that recommend only inside a relative or conditional clause are cleared of it before they are read.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:may|might|will|would|could|can|that|which|who) (?:\w+ )?needs? (?:to be|urgent|immediate|emergency|prompt)\b|\bwhether [^.,;:()]{0,60}\bneeds? |,? \b(?:(?:for|in|to|among) whom|for which|in which|than|whenever|although|though|even if|even when)\b[^,.;:()]{0,90}?\b(?:(?:is|are|be)(?: not| generally| usually| currently| otherwise| also| strongly)? (?:recommended|indicated|contraindicated|advised|preferred|suggested)|should(?: not)? (?:be|have|receive)|must (?:not )?be|(?:may|can) be considered)\b|\b(?:that|which|(?-i:who)|where|as)(?: \w+)? (?:(?:is|are|be)(?: not| \w+ly)? (?:recommended|indicated|contraindicated|advised|preferred|suggested)|should(?: not)? (?:be|have|receive)|must (?:not )?be)\b|\b(?:if|when|unless|where|until|whether|once|because|since|while) [^,.;:()]{0,60}?\b(?:is|are|be)(?: not| \w+ly)? (?:\w+ )?(?:recommended|indicated|contraindicated|advised|preferred|suggested)\b|\bas (?:clinically |medically )?indicated\b|\b(?:if|unless)(?: not)? (?:clinically |medically |otherwise )?(?:contra)?indicated\b|\bnot (?:otherwise )?contraindicated\b)",
    )
});
static BODIES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\w])(?:(?P<who>WHO|World Health Organization)|(?P<cdc>(?i:CDC|ACIP|HICPAC|Advisory Committee on Immunization Practices|Centers for Disease Control and Prevention))|(?P<uspstf>USPSTF|U\.?S\.? Preventive Services Task Force)|(?P<other>(?:American|National|European|Canadian|British|International|Infectious Diseases|Endocrine|Society|Royal|European)(?: (?:[A-Z]\w+|of|on|for|and|the|in))+|AAP|ACOG|AAFP|ACS|ADA|AHA|ACC|NCCN|IDSA|AASLD|NICE|FDA|ESC|KDIGO|JNC ?\d?|ASCCP|ASBMR|NOF|VA/DoD))(?:\)|’s|'s| \([^)]{1,40}\))*(?: and (?:the )?[^.,;]{1,60})?,? (?:(?:also|now|currently|strongly|both|guidelines?|statement|continues? to|does not|do not) )*(?:recommends?|suggests?|advises?|endorses?|states?)\b",
    )
});
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:acknowledg|disclaimer|conflicts? of interest|declarations? of interest|funding|glossary|abbreviations|acronyms|conventions used|behavior symbols|research (?:needs?|gaps?|agenda|priorit|implications|questions)|evidence gaps|future research|knowledge gaps|methods?$|methodology|methods? (?:used|for (?:developing|guideline|evidence|this|the))|how to use (?:this|the) (?:guide|document|tool|template)|about this|changes to (?:this|the) summary|reviewers and updates|levels of evidence|suggested citation|grading|certainty of (?:the )?evidence|assessment of (?:the )?certainty|limitations|copyright|permission|peer review|evidence (?:profile|summary)|declaration|table of contents|feasibility|acceptability|membership|contributors|justification$|intended use|target audience|purpose of|^foreword|^preface)",
    )
});

/// An address: in a sentence that says what should be done it is a source.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:web ?sites?|https?:|www\.|e-?mail)"));
static URGED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:should|must|recommend(?:s|ed))\b"));
/// A template's own words for what it asks of the clinician.
static PROMPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W?\[section prompt\b"));

/// Whether a sentence informs, whatever words of advice stand in it.
pub(super) fn informs(text: &str, setting: &Setting<'_>) -> bool {
    foreign(text, setting.publisher)
        || [&ABOUT_THE_DOCUMENT, &RESEARCH, &READING_OF_RESULTS, &DEFINITION, &WHERE_TO_ASK]
            .into_iter()
            .any(|form| form.is_match(text))
        || DELIBERATION.find_iter(text).any(|found| !PRESENT.is_match(found.as_str()))
        || (REPORTED.is_match(text) && !imperative::instructs(text))
        || (ADDRESS.is_match(text) && !URGED.is_match(text))
}

/// Whether a text is a template's prompt, whose imperatives are for those who fill it in.
pub(super) fn prompts(text: &str) -> bool {
    PROMPT.is_match(text)
}

/// Whether a section holds no statements of the document's own.
pub(super) fn elsewhere(path: &[String]) -> bool {
    path.iter().any(|heading| ELSEWHERE.is_match(heading))
}

/// The text without clauses that mention advice and give none.
pub(super) fn without_asides(text: &str) -> Cow<'_, str> {
    ASIDE.replace_all(text, " ")
}

/// Whether a body that is not the publisher is named as the one who recommends.
fn foreign(text: &str, publisher: Option<&str>) -> bool {
    let Some(publisher) = publisher else { return false };
    let by = publisher.to_lowercase();
    let is = |names: &[&str]| names.iter().any(|name| by.contains(name));
    BODIES.captures_iter(text).any(|found| {
        if found.name("who").is_some() {
            return !is(&["who", "world health"]);
        }
        if found.name("cdc").is_some() {
            return !is(&["cdc", "disease control", "mmwr", "acip", "advisory committee on immunization"]);
        }
        if found.name("uspstf").is_some() {
            return !is(&["uspstf", "preventive services"]);
        }
        found.name("other").is_some_and(|name| !by.contains(&name.as_str().to_lowercase()))
    })
}
