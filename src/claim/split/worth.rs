//! Which statements are worth a search: what says something about health that could be looked up.
//!
//! A statement is a claim unless it is recognised as something else; what is not recognised is looked up, which costs a
//! search, and is not left unchecked. The rules are tables of how such sentences begin, or what they hold, in lower
//! case; words that only join a sentence to the one before ("however,", "also") are passed over first. A number with a
//! unit outweighs all of them but the question mark: "I hope you stop at 4 g" is to be checked.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{self, Shape, Words, listed};
use super::lines;
use super::small_talk;
use crate::language;

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worth {
    /// It can be checked.
    Claim,
    /// A heading, a label, the head of a table, a name.
    Label,
    /// It introduces a list or what follows.
    Lead,
    /// It asks.
    Question,
    /// A greeting, thanks, good wishes, sympathy.
    Courtesy,
    /// It speaks about the response, or about what the user wrote.
    Meta,
    /// What the response is not meant to be.
    Disclaimer,
    /// Advice to see or ask somebody, without a condition that could be checked.
    Referral,
    /// It says only that cases differ.
    Hedge,
    /// It offers more.
    Offer,
    /// A source, a link.
    Reference,
}

impl Worth {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Worth::Claim => "claim",
            Worth::Label => "label",
            Worth::Lead => "introduction",
            Worth::Question => "question",
            Worth::Courtesy => "courtesy",
            Worth::Meta => "meta",
            Worth::Disclaimer => "disclaimer",
            Worth::Referral => "referral",
            Worth::Hedge => "hedge",
            Worth::Offer => "offer",
            Worth::Reference => "reference",
        }
    }
}

/// A pattern over folded words: its letters, digits and word ends are those of ASCII, which keeps the tables small and
/// quick.
fn pattern(text: &str) -> Regex {
    language::pattern(&text.replace(r"\w", "[a-z0-9_'-]").replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)"))
}

/// Who is asked or seen.
const CARER: &str = r"(?:doctors?|physicians?|provider|clinician|pharmacists?|gp|nurse|midwife|dentist|pa?ediatrician|obstetrician|surgeon|psychiatrist|therapist|counsell?or|dietitian|prescriber|specialist|\w+ologist|(?:health ?care|medical|health|qualified|mental health) (?:provider|professionals?|team|advice|help|guidance|attention|care|practitioner)|(?:care|health|medical|\w+) team|professional|(?:your|the|a) (?:\w+ )?(?:clinic|surgery|practice)|(?:person|people|one|whoever|anyone|somebody|someone) (?:who )?(?:prescrib\w+|looks? after|treats?|manages?|qualified)|(?:next|follow-up) (?:appointment|visit|check-?up|consultation)s?)\b";
/// What one does to be advised.
const ASKING: &str = r"(?:consult|talk|speak|check|ask|see|contact|discuss|follow|reach out|seek|work|call|visit|ring|phone|book|get (?:it|this|that|them|your\w*|medical|professional|advice|help|checked)|raise|bring|let|tell|share|verify|confirm|review|schedule|make an? appointment|have (?:your|a|the|her|his)|take (?:this|these|your|the)|arrange|touch base|turn to|rely on|listen to|trust|mention|double-check|show|run|pass|have a word|go over|go through|sit down|agree|decide|settle|leave (?:it|that|this)|keep (?:your|any|all|in touch)|take (?:it|this|that) (?:up|to))(?:t?ing)?\b";

/// How sentences begin that are no claims.
static BEGINNINGS: LazyLock<Vec<(Worth, Regex)>> = LazyLock::new(|| {
    let begins = |worth, alternatives: &[&str]| (worth, pattern(&format!("^(?:{})", alternatives.join("|"))));
    vec![
        begins(
            Worth::Courtesy,
            &[
                r"(?:hi|hello|hey|greetings|dear|good (?:morning|afternoon|evening|day))\b[^.\d]{0,140}[,!.]*$",
                r"(?:hiya|morning|evening|afternoon|shalom|salam|hola|bonjour|namaste)\b[^.\d]{0,60}[,!.]*$",
                r"(?:hi|hello|hey)(?: there| again)?[,!.] ",
                r"(?:thank you|thanks(?: (?:for|so|a|again|in|very|everyone|all|\w+ing)\b|[!,.])|many thanks|you're (?:very |most )?welcome|my pleasure|no problem|no worries|cheers)\b",
                r"(?:that's |what |this is |such )?an? (?:really |very |truly |absolutely )?(?:great|good|excellent|fair|smart|thoughtful|important|common|wonderful|reasonable|understandable|valid|tricky) (?:and \w+ )?(?:question|concern|point|worry|instinct|thing to ask)",
                r"(?:great|good|excellent|fair) (?:question|point|thinking|job|for you|to hear|idea to ask)\b",
                r"(?:i'm|i am|we're) (?:so |very |really |truly )*(?:sorry|glad|happy|pleased|delighted)\b",
                r"(?:i|we) (?:(?:really|completely|totally|do|can|fully) )*(?:understand|appreciate|hear|see (?:why|how|that)|hope|wish|imagine|know (?:this|that|how|it)|sympathi[sz]e|feel for|get it|get that)\b",
                r"(?:wishing you|welcome (?:back|to|aboard)|congratulations|congrats|get well|stay safe|stay well|good luck|best of luck|take care|hang in there|best wishes|all the best|warmly|sincerely|kind regards|regards|be well|well done|keep it up|cheers)\b[^.]{0,60}[,!.]*$",
                r"hope(?:fully)? (?:this|that|it|you|all)\b",
                r"(?:that|this|it) (?:must (?:be|feel|have)|sounds|can feel|can be (?:scary|stressful|frightening|worrying|overwhelming)|makes (?:perfect |complete |total )?sense that you|is (?:completely |totally |perfectly |very |quite )*understandable|takes courage|'s understandable)",
                r"it(?:'s| is) (?:completely |totally |perfectly |very |quite |only )*(?:understandable|natural|normal|okay|ok|great|good|wonderful|wise) (?:that you(?:'re| are)? (?:ask|worr|concern|feel|want|reach|think|took|check)|to (?:worry|wonder|ask|be (?:worried|concerned|anxious|cautious|curious)|feel (?:worried|anxious|overwhelmed|scared|torn|nervous|this way)))",
                r"(?:you're|you are) (?:not alone|doing|right to|wise to|smart to|asking|in good hands|welcome|very kind)\b",
                r"you've got this",
                r"(?:so |very |really |i'm )*(?:glad|pleased|delighted|sorry|grateful) (?:you|to|that|it|for|about|we)\b",
                r"(?:well done|bravo|kudos|good on you|nice (?:work|job|one|to)|lovely to|no wonder|poor thing|what (?:a|an) )\b",
                r"you(?:'ve| have)? (?:did|done|made|handled|taken) (?:the right|well|a good|a great|everything|this well|it well)\b",
                r"(?:\w+ ){1,5}(?:is|can be|must be|feels?|sounds?) (?:really |so |very |always |never |quite )*(?:hard|tough|exhausting|scary|frightening|stressful|upsetting|worrying|unsettling|frustrating|overwhelming|draining)[.!]?$",
                r"(?:take a (?:deep )?breath|be (?:kind|gentle|patient) (?:to|with) yourself|take your time|don't be (?:discouraged|hard on|afraid to (?:ask|reach)))\b",
                r"(?:yes|no|sure|certainly|absolutely|definitely|of course|okay|ok|alright|right|got it|understood|exactly|correct|indeed|well|great|perfect|congrats)[!.,…]*$",
            ],
        ),
        begins(
            Worth::Offer,
            &[
                r"(?:please )?(?:let me know|feel free|don't hesitate|do not hesitate|reach out (?:any ?time|if you)|just (?:ask|let me|say|tell)|tell me|ask (?:me|away)|reply|send me|share (?:only|your|more|the|any|as)|ping me|come back)\b",
                r"(?:if (?:you(?:'d|'re| would| want| like| need| have| share| tell| give| provide| send| can| prefer| wish| are)?|it (?:helps|would help|is useful))\b[^,]{0,80},? )?(?:i(?:'d| would|'ll| will|'m| am| can| could)? (?:also |then |gladly |just |always )*(?:be )?(?:happy|glad|able|delighted|more than happy|here)(?: to)?\b|i(?:'ll| will| can| could)(?: also| then| gladly| just| certainly| try)* (?:help|explain|walk|go|give|share|provide|suggest|make|draft|write|create|summari[sz]e|tailor|break|list|look|point|expand|be more|prepare|offer|put|build|add|adapt|convert|turn|work|simply|answer|listen|clarify|narrow|outline|personali[sz]e)\b|we (?:can|could) )",
                r"(?:would you like|do you want|want me to|shall i|should i|happy to|glad to)\b",
                r"if (?:you|it|that|this|any|the|your)\b[^,]{0,80},? i(?:'ll|'d|'m| can| could| will| would| am)\b",
                r"once you\b[^,]{0,80},.{0,60}\b(?:i|we|let me)\b",
                r"if you (?:tell|share|give|send|let|provide)\b[^,]{0,80},? i\b",
                r"you(?:'re| are)? (?:can|could|may|are|always) (?:always |also )*(?:tell me|send me|share (?:the|your|more|them|it|any)|paste|ask me|free to|welcome to|come back)\b",
            ],
        ),
        begins(
            Worth::Meta,
            &[
                r"(?:sure|certainly|of course|absolutely|okay|ok|alright|all right|right|got it|understood|great|definitely|no problem)[,!.:]? (?:here|let|i|we|thanks|happy|so|act on|below|the following|this)\b",
                r"(?:here(?:'s| is| are)|below (?:is|are|you)|what follows|the following (?:is|are|table|list|section|points?|summary|overview|information|guide|answer)|see (?:the )?(?:table|below|above)|in this (?:answer|response|guide|section|summary|overview|article))\b",
                r"(?:this|the|my|these) (?:(?:above|following|short|brief|quick|simple|full|next|last) )?(?:answer|response|reply|summary|overview|guide|table|list|section|article|outline|breakdown|explanation|chart|points?)s? (?:above |below |here |that follows )?(?:is|are|was|were|covers?|provides?|explains?|summari[sz]es?|shows?|lists?|gives?|describes?|outlines?|compares?|assumes?|applies|focus\w*|uses?|refers?|reflects?|should|does|do|will|may|can|sets out|puts|has been|have been)\b",
                r"let(?:'s| us| me) (?:\w+ )?(?:look|break|go|start|begin|dive|walk|take|explain|clarify|see|unpack|talk|explore|summari[sz]e|be clear|know|address|cover|get|sort|recap|review|put)\b",
                r"i(?:'ve| have|'ll| will|'m| am|'m going to| am going to| want to| wanted to|'d like to| would like to| would need| need| assume| tried| kept| used| put| won't| may| might| think| read| noticed| see| took)(?: \w+)? (?:listed|included|summari[sz]ed|put|tried|answered|kept|used|assume|assumed|going|explain|walk|break|cover|outline|focus|keep|point|mention|make|know|more|clarify|start|answer|assuming|based|grouped|organi[sz]ed|written|noted|left|marked|flagged|add|a bit|you|your|that you|be)\b",
                r"(?:as|like) (?:i|we) (?:said|mentioned|noted|discussed|explained)\b",
                r"(?:based on|from|given|looking at) (?:what you|your (?:question|message|description|post|note))[^.]{0,80}$",
                r"you (?:asked|mentioned|wrote|said|described|noted|wanted to know|were asking|told me|shared|don't have to (?:answer|share|tell)|raise)\b",
                r"your (?:question|message|post|note|draft|list|summary|text|prompt|request) (?:is|was|looks|sounds|seems|touches|raises|covers|has|mentions|about|makes)\b",
                r"(?:there are|there're|you have|we have|consider|keep in mind|remember|note|know) (?:a few|several|some|many|various|a number of|a couple of|two|three|four|five|multiple|different|lots of|plenty of|the following|these) (?:\w+ ){0,3}(?:things|factors|options|points|reasons|ways|steps|considerations|aspects|caveats|approaches|strategies|tips|parts|questions|possibilities|causes|types)(?: (?:to|you|that|worth|for|and)\b[^.;]{0,60})?[.:]?$",
                r"(?:some|a few|several|more|other|key|quick|important|final|practical|general|the main|the key|main|my|one more|one last|two|three|a couple of) (?:\w+ ){0,2}(?:remarks?|notes?|points?|thoughts?|tips?|things?|considerations?|caveats?|reminders?|facts?|words?|details?|comments?|takeaways?|basics|pointers|questions?)(?: (?:on|about|to|for|that|worth|before|from|in|regarding|of)\b[^.;]{0,60})?[.:!]?$",
                r"(?:the (?:short|quick|simple|brief|honest|long|full) (?:answer|version|summary)|the bottom line|bottom line|long story short|in a nutshell|in short|in summary|to summari[sz]e|to sum up|tl;?dr|key takeaways?|summary|quick answer|short answer)\b[.:]?$",
                r"(?:on|now|back|next|over|turning|moving)(?: on| now)? to (?:the|your|my)\b[^.\d]{0,40}[.:]?$",
                r"with (?:that|this|all that)(?: \w+){0,3} (?:in mind|out of the way|said)\b[^.\d]{0,40}[.:]?$",
                r"(?:a|one|some) (?:quick |brief |final |last |further |short )?(?:words?|notes?|bit|point|caveat)(?: more)? (?:about|on|of|for|regarding)\b[^.\d]{0,50}[.:]?$",
                r"(?:everything|all|numbers|doses|values|figures|the rest|what follows|amounts|times)(?: \w+){0,3} (?:are|is|assumes?|refers?|applies|apply)(?: given| meant)? (?:for|to|below|above|here)\b[^.\d]{0,50}[.]?$",
                r"(?:this|treat this|take this|read this|think of this)(?: \w+){0,2} as (?:a |an )?(?:\w+ )?(?:background|starting point|guide|rough|outline|overview|general)\b",
                r"(?:\w+[ ,]+){1,8}(?:is|are) (?:a |an )?(?:bit |quite |very |slightly |rather |little )*(?:different|another|separate)(?: (?:matter|story|question|topic|issue|case|one))?[.:]?$",
                r"(?:\w+[ ,]+){1,8}(?:has|have) (?:recently |just |since )?changed(?: (?:recently|lately|too|over time|since then|a bit))?[.:]?$",
                r"(?:to (?:help|give|answer|make|be) (?:me|you|your|this|that|sure)[^.]{0,60}(?:i(?:'d| would)? need|i(?:'ll| will)|it (?:helps|would help)|could you|please))",
                r"(?:schedules|recommendations|guidelines|guidance|advice|details|labels|rules|practices?) (?:do |may |can |will |also )?(?:differ|vary|change)s?\b(?: (?:between|by|from|across|over|with|and|slightly|somewhat|a bit)\b[^.;\d]{0,60})?[.]?$",
            ],
        ),
        begins(
            Worth::Hedge,
            &[
                r"(?:it|that|this|which|the answer|much|a lot|so much)(?: \w+){0,3} (?:really |all |largely |very much |often |partly |mostly |ultimately )*depends?\b(?:(?: \w+){0,3} on (?:many|several|your|you|a number|a few|individual|various|the (?:individual|situation|person|case|circumstances|details|context)|what you|who you|how you|where you|personal|lots|a lot|different|multiple|other|factors)\b[^.;\d]{0,100})?[.!]?$",
                r"(?:every(?:one|body|one's|body's)?|each|no two)(?: \w+)? ?(?:person|patient|case|body|situation|individual|child|pregnancy|people|patients|cases|path|experience|journey|story)?(?:'s)?(?: \w+){0,3} (?:is|are|looks|reacts|responds|feels|has|needs|goes|moves|experiences?|will be) (?:a (?:little|bit) |somewhat |slightly |very |so |quite |always |exactly |completely )*(?:different|unique|alike|the same|individual|differently|own|their own|individually)\b",
                r"(?:individual|personal|your|people's|results|responses?|experiences|circumstances|needs|individuals|people|reactions|opinions|mileage|outcomes)(?: \w+){0,3} (?:may |can |will |do |often )*(?:vary|varies|differ|differs)\b[^.;\d]{0,80}[.]?$",
                r"there(?:'s| is| are)(?: really)? no (?:one[- ]size|single (?:right|best|answer)|right or wrong|easy answer|perfect|magic|simple answer|universal)",
                r"what (?:helps|works|suits)(?: \w+)? (?:one|some|for one|for some)\b",
                r"(?:evidence|research|science|knowledge|the evidence|the science|this field|medicine|guidance|the research)(?: \w+){0,3} (?:moves|evolves|is evolving|is (?:still )?(?:changing|developing|ongoing|mixed|limited)|changes|keeps|continues)\b[^.;\d]{0,80}[.]?$",
                r"(?:\w+[ ,]+){1,8}(?:is|are)(?: always| often| also| only| just| very| really)*(?: a| an)?(?: very)? (?:balancing act|part of the (?:story|picture|puzzle)|one piece of|piece of the puzzle|work in progress|matter of (?:taste|preference|opinion|balance)|personal (?:choice|decision|matter|one|thing)|individual (?:choice|decision|matter|one|thing))\b[^\d]{0,60}$",
                r"(?:\w+[ ,]+){1,8}(?:at|in|on) (?:its|their|his|her|your) own (?:pace|way|time|schedule)\b",
                r"(?:\w+[ ,]+){1,8}looks? (?:a (?:little|bit) )?different (?:for|in|from)\b[^\d]{0,40}$",
                r"(?:\w+[ ,]+){1,8}(?:is|are)(?:n't| not| rarely| seldom| never)(?: always| often| quite| exactly)* (?:that |so |as |a )?(?:simple|straightforward|clear-cut|clear cut|easy|obvious|exact science|simple answer)\b[^\d]{0,40}$",
                r"(?:there are|there will be|there's) (?:always |often |many |some |a few )*exceptions?\b[^\d]{0,30}$",
                r"it(?:'s| is) (?:all |really |mostly |just )*about (?:weighing|balance|balancing|finding)\b[^\d]{0,80}$",
                r"(?:finding|getting|choosing|working out)\b[^.\d]{0,60}\b(?:takes?|needs?|can take|may take) (?:a few |some |several |a little |a bit of )?(?:tries|attempts|goes|time|patience|trial)\b",
                r"it (?:can|may|might|could) (?:take|be)(?: \w+){0,2} (?:trial and error|patience|frustrating|a process|tricky|confusing|complicated|hard)\b",
                r"(?:\w+ ){1,3}is(?:,)? (?:of course,? )?(?:half the battle|key|complicated|complex|nuanced|a journey|a process|a marathon)[.!]?$",
                r"(?:knowledge is power|better safe than sorry|prevention is better|small (?:steps|changes) (?:add up|matter)|progress,? not perfection|consistency is key|everything in moderation|listen to your body|you know your(?:self| body) best|safety first)\b",
                r"(?:that|this|it)(?:'s| is) (?:a |an |very |quite |often |also )*(?:personal|individual|religious|cultural|private|your)(?: \w+)? (?:decision|choice|matter|question|call|preference|one|thing)\b[^\d]{0,120}$",
            ],
        ),
        begins(
            Worth::Disclaimer,
            &[
                r"(?:i'm|i am|as) (?:not )?(?:an? )?(?:\w+ )?(?:ai|language model|assistant|chatbot|doctor|physician|medical professional|clinician|healthcare professional|health professional|lawyer)\b",
                r"i (?:can't|cannot|can not|do not|don't|am unable|am not able|'m not able|'m unable|won't|shouldn't|could not|couldn't|haven't|have no|have not)\b(?:(?: \w+){0,4} (?:diagnos|examin|see you|replac|provide|give|prescribe|assess|know|access|verif|guarantee|have|tell|substitut|offer|make|way|evaluate|look|say|recommend|treat|confirm))",
                r"(?:this|these|the (?:above|information|content|following)|that|my (?:answer|response|reply)|everything|nothing|all of this|what i(?:'ve)?|it)(?: \w+){0,5}? (?:is|are|isn't|aren't|does|do|should|cannot|can't|was|were|counts)(?: \w+){0,5} (?:substitute|replace\w*|medical advice|general (?:information|guidance|advice|figures|education\w*|rules?)|educational|informational|a diagnosis|set in stone|guidance only|a (?:rough )?guide)\b[^\d]{0,120}$",
                r"(?:for|purely|strictly|intended for) (?:general |purely )?(?:informational|educational|information|education)\b",
                r"(?:general|educational|informational) (?:information|guidance|purposes|advice) only",
                r"(?:none of this|nothing (?:here|above|below|in this \w+)|don't rely|do not rely)\b",
                r"i (?:only know|can be wrong|may be wrong|might be wrong|could be wrong)\b",
                r"(?:please )?(?:double-)?check (?:everything|all|this|these|any|them|it)\b[^.\d]{0,60}(?:against|with|before)\b[^.\d]{0,60}[.!]?$",
                r"(?:disclaimer|not (?:a substitute for|medical advice))\b",
                r"(?:always )?(?:follow|check|read|go by|stick to) (?:the |your |any |all )?(?:(?:product|medicine|drug|package|dosing|specific|own|local|manufacturer's) )*(?:label|leaflet|packag\w+|instructions?|directions?|insert)(?: (?:carefully|closely|first|on (?:the|your) \w+|of (?:the|your) \w+|that came with it))*[.!]?$",
                r"(?:please )?use (?:your )?(?:own )?(?:clinical )?(?:judge?ment|common sense)\b",
            ],
        ),
        begins(
            Worth::Referral,
            &[
                &format!(
                    r"(?:(?:it(?:'s| is| would be| may be| might be| can be|'d be)?(?: \w+){{0,4}} (?:to|that you)|you(?:'ll| will| should| may| might| can| could| must| want)?(?: \w+){{0,3}}|(?:just )?make sure(?: to| you)?|be sure to|remember to|do|don't hesitate to|feel free to|i(?:'d| would)?(?: \w+)? (?:recommend|suggest|advise|encourage|urge)(?: that)?(?: you)?(?: to)?|the (?:best|safest|right|next) (?:thing|step|approach|course|person|people|move)[^.]{{0,30}} (?:is|are)(?: to)?|your best (?:bet|option) is to|so|consider|when in doubt,?|before [^,.]{{2,60}},|and) )?{ASKING}[^.;]{{0,90}}?\b{CARER}"
                ),
                &format!(
                    r"(?:your|his|her|their|a|an|the|only (?:a|your))(?: \w+){{0,2}}? {CARER}(?: or(?: \w+){{1,3}})? (?:can|will|may|might|could|knows?|should|is|are)(?: also| then| best| likely| be able to)* (?:help|advise|tell|guide|fine-tune|tailor|adjust|explain|decide|determine|answer|recommend (?:what|the best|which)|provide|give you|assess|discuss|review|work|know|your|you|the best|weigh|show|have (?:other|more|further|better|a|different|their)|want|prefer|suggest|look|be happy|be glad|go|run|take|make sure|personali[sz]e|walk|in the best|best)\b"
                ),
                r"(?:if|when) (?:in (?:any )?doubt|unsure|not sure|you(?:'re| are) (?:ever |at all |still )*(?:unsure|not sure|uncertain|in doubt))\b[^,]{0,40},? (?:please |always |just |do )*(?:ask|check|call|get|seek|speak|talk|see|ring|phone)\b",
                r"(?:please )?follow (?:your |the |any )*(?:local|hospital|trust|unit|own|clinic|clinic's|hospital's) (?:\w+ ){0,2}(?:guidance|guideline|guidelines|protocol|protocols|policy|policies|advice|plan|instructions)\b",
                r"(?:please )?(?:follow|stick (?:to|with)|trust|go (?:by|with)) (?:your|the|their) (?:own )?(?:doctor|provider|physician|prescriber|clinician|pharmacist|care team|healthcare (?:provider|team))'?s?\b",
                r"(?:get|seek)(?: \w+){0,2} (?:professional|personali[sz]ed|individual(?:i[sz]ed)?|proper) (?:medical )?(?:advice|help|guidance|care|support|opinion)\b",
            ],
        ),
    ]
});
/// What a sentence holds that is a disclaimer or a referral wherever it stands.
static HELD: LazyLock<Vec<(Worth, Regex)>> = LazyLock::new(|| {
    vec![
        (
            Worth::Disclaimer,
            pattern(
                r"not (?:a |an |intended (?:as|to be) (?:a )?|meant (?:as|to be) (?:a )?)?(?:substitute|replacement) for|(?:does|do|can|should) ?n[o']t replace (?:\w+ ){0,4}(?:advice|care|visit|evaluation|judge?ment|consultation|diagnosis)|not (?:constitute |be taken as |intended as |be considered )?medical advice|(?:informational|educational) purposes|isn't a diagnosis|not a diagnosis|so always check the label",
            ),
        ),
        (
            Worth::Offer,
            pattern(r"\bi can be more specific\b|\bi can (?:help|tailor|give you)\b[^.]{0,60}$|\blet me know\b"),
        ),
        (
            Worth::Referral,
            pattern(&format!(
                r"^if (?:you(?:'re| are| have| need| want|'d like| feel| still)|in|there(?:'s| is| are)|anything|something|any)\b[^,]{{0,80}}, (?:please |always |do |then |it's best to |you should |just )*(?:{ASKING}|get)[^.;]{{0,90}}?\b{CARER}"
            )),
        ),
    ]
});
/// Words before which a sentence is what it is without them.
static JOINING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:however|also|and|but|so|remember|in short|that said|having said that|please|finally|lastly|overall|note|note that|important|importantly|of course|well|ultimately|unfortunately|sadly|again|otherwise|anyway|still|as always|in general|generally|above all|most importantly|more importantly|in any case|either way|for now|first|first of all|to start|in the end|at the end of the day|one last thing|keep in mind that|bear in mind that|keep in mind|as a reminder|just remember|just|always|though|disclaimer|caveat|p\.s\.|ps)\b[,:;–—-]? +)+",
    )
});
static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\d ?(?:mg|mcg|µg|μg|g|kg|ml|l|mmol|mmhg|mm hg|%|units?|iu|tablets?|pills?|puffs?|doses?|°|c\b|f\b|hours?|minutes?|days?|weeks?|months?|years?|times|drinks?|cups?|mmol/l)\b|\d ?%|\d/\d",
    )
});
/// Calls for help at once, which are never mere advice.
static URGENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:911|999|112|000|988|111|emergency|ambulance|hospital|a&e|er|ed|poison (?:control|centre|center)|straight away|same day|immediately|urgent(?:ly)?|right away|at once)\b",
    )
});
/// Words of conditions that name nothing: "if you have any questions", "when in doubt".
static NOTHING_NAMED: Words = Words::new(|| {
    listed(
        "a about advice after all also always an and any anything are around at be before best can choose concern \
     concerned concerns confused could decide decision details do doubt doubts else feel for further get guidance \
     have help how i if in information is it just know like may more need not of on option options or other \
     personal personalised personalized possible question questions right should situation something soon \
     specific still such support sure than that the them there these they this to unclear uncertain unsure want \
     what whether which will with worried worries worry would you your you're you'd ask talk speak see consult \
     check discuss contact call doctor pharmacist provider gp please",
    )
});
static CONDITION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:if|when|whenever|in case|in the event|as soon as|should you)\b"));
/// Lists whose items are no claims.
static ASKED_FOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bquestions? (?:to|for|you|that|worth)\b|\b(?:could|can|would) you (?:please )?(?:tell|share|say|let)\b|\bmay i ask\b|\btell me\b|\blet me know\b|\bi(?:'d| would)? (?:need|want|like) to know\b|\bi (?:can|could)(?: also)? (?:help|give|make|write|draft|provide|explain|create)\b|\bwould you like\b|\bhappy to\b|\bit would help (?:me )?(?:to know|if)\b|\bplease share\b|\bshare (?:the following|more)\b|\bhelp me (?:to )?(?:answer|give|tailor|understand)\b",
    )
});
static ASK_CARER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?:ask|talk (?:to|with)|speak (?:to|with)|discuss with|check with|questions for|raise with)\b[^.;]{{0,60}}{CARER}(?: about| whether| these| the following)?:?$"
    ))
});
static SOURCES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:references?|sources?|citations?|bibliography|further reading|learn more|more information|resources|helpful resources|useful (?:links|resources)|links|read more|works cited|where to (?:read|learn|find) more)\b[^.]{0,40}$",
    )
});
static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[?\^?\d{1,3}[\].:] .{0,200}(?:https?://|www\.|doi|\b(?:19|20)\d\d\b)|\bdoi(?::|\.org)|^(?:sources?|references?|see also|via|read more|more at|adapted from|according to)\b ?:|\b(?:19|20)\d\d;\d+|^\W*(?:https?://|www\.)\S+\W*$",
    )
});
/// Whom the parent of a list may name with a number: "Adults 65 and over".
static GROUPS: Words = Words::new(|| {
    listed(
        "adults adult children child infants babies teenagers adolescents women men people patients age aged ages older younger over under years months trimester step stage grade",
    )
});
/// How an introduction without a colon ends.
static OPEN_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:if|when|unless|who|should|must|include|includes|including|such as|are|is|to|for|with|that|not|than|can|may|either)(?: (?:you|they|he|she|it|there|(?:your|the|a|this|their) \w+|\w+ (?:has|have|is|are)|has|have|is|are|you have|you are|any of)){0,2}$",
    )
});

/// What is around a statement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around<'t> {
    /// It is a list item, or a line that stands like one.
    pub(super) item: bool,
    /// A list follows its block, and it is the block's last.
    pub(super) leads: bool,
    /// Something stands over it that a fragment can be read with.
    pub(super) titled: bool,
    /// All of it is a link.
    pub(super) linked: bool,
    /// It is the last of a paragraph, and more than a heading follows.
    pub(super) followed: bool,
    /// All of it is bold, and more follows in its paragraph.
    pub(super) bold: bool,
    /// What introduces it, and the heading over it.
    pub(super) lead: Option<&'t str>,
    pub(super) heading: Option<&'t str>,
}

/// What a statement is; `said` are its visible words.
pub(super) fn worth(said: &str, around: &Around<'_>) -> Worth {
    let folded = folded(said);
    let core = JOINING.replace(&folded, "");
    let core = core.trim();
    if let Some(vetoed) = by_place(around) {
        return vetoed;
    }
    if SOURCE.is_match(&folded) {
        return Worth::Reference;
    }
    let ending = said.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '?' | '؟' | '？' | ':' | '：'));
    if ending.ends_with(['?', '؟', '？']) {
        return Worth::Question;
    }
    if ending.ends_with([':', '：']) {
        return Worth::Lead;
    }
    let words = clause::words(said);
    let shape = clause::shape(said);
    let numbered = said.contains(|c: char| c.is_numeric());
    if let Some(label) = as_label(said, &words, shape, numbered, around) {
        return label;
    }
    if QUANTITY.is_match(&folded) {
        return Worth::Claim;
    }
    if let Some(found) = by_words(core, &folded) {
        return found;
    }
    // An item may be two words that its introduction makes a claim of; a sentence must name something itself.
    let empty = !numbered && (!around.item || shape == Shape::Sentence);
    small_talk::of(&words)
        .filter(|worth| empty && !(*worth == Worth::Referral && names_a_case(&folded)))
        .unwrap_or(Worth::Claim)
}

/// What a list or a section says of everything in it.
fn by_place(around: &Around<'_>) -> Option<Worth> {
    let of = |text: &str| {
        let text = folded(text);
        if SOURCES.is_match(&text) {
            return Some(Worth::Reference);
        }
        if ASKED_FOR.is_match(&text) {
            return Some(Worth::Offer);
        }
        (ASK_CARER.is_match(&text) && !URGENT.is_match(&text)).then_some(Worth::Referral)
    };
    around.lead.and_then(of).or_else(|| around.heading.and_then(of))
}

fn as_label(said: &str, words: &[String], shape: Shape, numbered: bool, around: &Around<'_>) -> Option<Worth> {
    let ended = said.trim_end().ends_with(['.', '!', '…', '。', '।', '۔']);
    // A bare line over what it names; "INR target: 2.5 to 3.5" has its value.
    let bare_line = !ended && words.len() <= 8 && !QUANTITY.is_match(&folded(said)) && says_nothing_of_its_label(said);
    if around.followed && shape == Shape::Fragment && bare_line {
        return Some(Worth::Label);
    }
    if around.leads && !ended {
        let names = !QUANTITY.is_match(&folded(said)) || words.iter().any(|word| GROUPS.contains(word.as_str()));
        let short = words.len() <= 3 || (!numbered || names) && words.len() <= 8;
        if shape == Shape::Fragment && short || OPEN_END.is_match(&folded(said)) {
            return Some(Worth::Lead);
        }
    }
    if shape == Shape::Fragment && around.linked {
        return Some(Worth::Reference);
    }
    let bare = shape == Shape::Fragment && !numbered;
    // "**Blood levels.** They are measured …"
    if bare && around.bold && words.len() <= 6 {
        return Some(Worth::Label);
    }
    if bare && said.trim_end().ends_with(',') && words.len() <= 5 {
        return Some(Worth::Courtesy);
    }
    // "Nausea" says something under "Side effects", and nothing alone.
    let alone = if around.item { !around.titled && words.len() <= 3 } else { words.len() <= 2 };
    let refuses =
        words.first().is_some_and(|word| matches!(word.as_str(), "no" | "not" | "never" | "avoid")) && words.len() > 1;
    (bare && alone && !refuses).then(|| {
        let folded = folded(said);
        by_words(&folded, &folded).unwrap_or(Worth::Label)
    })
}

/// Whether a line has no label, or one with nothing told of it: "Bowel screening: what to know".
fn says_nothing_of_its_label(line: &str) -> bool {
    let Some(label) = lines::label(line) else { return true };
    let told = clause::words(line.get(label.len()..).unwrap_or_default());
    told.len() >= 2 && small_talk::of(&told).is_some()
}

fn by_words(core: &str, whole: &str) -> Option<Worth> {
    let found = BEGINNINGS
        .iter()
        .find(|(_, begins)| begins.is_match(core) || core.len() < whole.len() && begins.is_match(whole));
    let found = found.or_else(|| HELD.iter().find(|(_, held)| held.is_match(core)));
    let (worth, _) = found?;
    match worth {
        Worth::Referral if names_a_case(whole) => None,
        worth => Some(*worth),
    }
}

/// Whether a call for care says when: "if the fever lasts", and not "if you have questions".
fn names_a_case(text: &str) -> bool {
    if URGENT.is_match(text) {
        return true;
    }
    CONDITION.find_iter(text).any(|condition| {
        let after = text.get(condition.end()..).unwrap_or_default();
        let clause = after.split(',').next().unwrap_or_default();
        clause::words(clause).iter().any(|word| !NOTHING_NAMED.contains(word.as_str()))
    })
}

/// The first of a statement's words in lower case, with single spaces and straight apostrophes.
pub(super) fn folded(text: &str) -> String {
    const MOST: usize = 80;
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\u{feff}').filter(|word| !word.is_empty()).take(MOST).collect();
    words
        .join(" ")
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[')
        .to_lowercase()
        .replace(['’', '‘'], "'")
}
