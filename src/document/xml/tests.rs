//! Each case shows one difficulty of a dialect.

use super::super::outline::outline;
use super::*;

fn read(input: &str) -> Result<Document, Error> {
    Xml.read(input.as_bytes(), &Limits::default())
}

fn check(input: &str, expected: &str) {
    let document = read(input).expect("the fixture is well formed");
    assert_eq!(outline(&document), expected, "{input}");
}

fn jats(body: &str) -> String {
    format!(
        "<article><front><article-meta><title-group><article-title>T</article-title></title-group><contrib-group>Smith</contrib-group></article-meta></front><body>{body}</body></article>"
    )
}

#[test]
fn sections_and_paragraphs_of_an_article() {
    check(
        &jats(
            "<sec><label>1</label><title>Aim</title><p>Text <bold>one</bold>.</p><sec><title>Deep</title><p>Two.</p></sec></sec>",
        ),
        "T/1 Aim | p | Text one.\nT/1 Aim/Deep | p | Two.",
    );
}

#[test]
fn reference_marks_and_lists_go_and_exponents_stay() {
    check(
        &jats(
            "<p>Common [<xref ref-type=\"bibr\" rid=\"B1\">1</xref>,<xref ref-type=\"bibr\" rid=\"B2\">2</xref>]. See <xref ref-type=\"table\" rid=\"T1\">Table 1</xref>; 10<sup>9</sup>/L.<sup><xref ref-type=\"bibr\" rid=\"B1\">1</xref></sup></p><ref-list><ref>Smith</ref></ref-list>",
        ),
        "T | p | Common. See Table 1; 10⁹/L.",
    );
}

#[test]
fn tables_carry_label_caption_and_notes() {
    check(
        &jats(
            "<table-wrap><label>Table 2</label><caption><title>Doses</title><p>by age</p></caption><table><thead><tr><th>Age</th><th>Dose</th></tr></thead><tbody><tr><td>65</td><td>5</td></tr></tbody></table><table-wrap-foot><fn><label>a</label><p>Daily.</p></fn></table-wrap-foot></table-wrap>",
        ),
        "T | caption | Table 2. Doses by age\nT | row (Table 2. Doses by age) | Age: 65 | Dose: 5\nT | note | a Daily.",
    );
}

#[test]
fn lists_boxes_and_figures() {
    check(
        &jats(
            "<p>Give:</p><list list-type=\"order\"><list-item><p>a</p></list-item><list-item><p>b</p><list><list-item><p>c</p></list-item></list></list-item></list><boxed-text><p>Key.</p></boxed-text><fig><label>Figure 1</label><caption><p>Flow.</p></caption></fig>",
        ),
        "T | p | Give:\nT | li 1 (Give:) | a\nT | li 2 (Give:) | b\nT | li (b) | c\nT | box | Key.\nT | caption | Figure 1. Flow.",
    );
}

#[test]
fn a_label_has_nested_sections_and_lists() {
    check(
        "<document xmlns=\"urn:hl7-org:v3\"><title>These highlights do not include all.<br/>DRUG tablets</title><author><name>X</name></author><component><structuredBody><component><section><title>5 WARNINGS</title><text><paragraph>Stop if:</paragraph><list><item>fever</item></list></text><component><section><title>5.1 Infections</title><text><paragraph>Monitor <content styleCode=\"bold\">all</content>.</paragraph></text></section></component></section></component></structuredBody></component></document>",
        "DRUG tablets/5 WARNINGS | p | Stop if:\nDRUG tablets/5 WARNINGS | li (Stop if:) | fever\nDRUG tablets/5 WARNINGS/5.1 Infections | p | Monitor all.",
    );
}

#[test]
fn a_cancer_summary_has_key_points_and_cals_tables() {
    check(
        "<Summary><SummaryMetaData>m</SummaryMetaData><SummaryTitle>S</SummaryTitle><SummarySection><Title>Stages</Title><KeyPoint>Age matters.</KeyPoint><Para>Old<Reference refidx=\"1\"/>.</Para><Table><Title>Table 1. Types</Title><TGroup><THead><Row><entry>A</entry><entry NameSt=\"col2\" NameEnd=\"col3\">B</entry></Row></THead><TBody><Row><entry MoreRows=\"1\">x</entry><entry>1</entry><entry>2</entry></Row><Row><entry>3</entry><entry>4</entry></Row></TBody></TGroup></Table><ReferenceSection><Citation>c</Citation></ReferenceSection></SummarySection></Summary>",
        "S/Stages | box | Age matters.\nS/Stages | p | Old.\nS/Stages | caption | Table 1. Types\nS/Stages | row (Table 1. Types) | A: x | B: 1 | B: 2\nS/Stages | row (Table 1. Types) | A: x | B: 3 | B: 4",
    );
}

#[test]
fn other_xml_is_refused_and_broken_xml_says_where() {
    assert!(matches!(read("<rss/>"), Err(Error::WrongFormat { reason, .. }) if reason.contains("<rss>")));
    assert!(matches!(read("<article><p></article>"), Err(Error::Damaged { reason, .. }) if reason.contains("1:")));
}

#[test]
fn entities_of_html_are_understood_without_a_dtd() {
    check(&jats("<p>5&nbsp;mg &ndash; &ge;3 &amp; x</p>"), "T | p | 5 mg – ≥3 & x");
}

#[test]
fn entities_that_multiply_are_refused() {
    let mut dtd = "<!ENTITY a0 \"ha\">".to_owned();
    for depth in 1..20 {
        let before = format!("&a{};", depth - 1);
        dtd.push_str(&format!("<!ENTITY a{depth} \"{}\">", before.repeat(10)));
    }
    assert!(read(&format!("<!DOCTYPE article [{dtd}]><article><p>&a19;</p></article>")).is_err());
}

#[test]
fn one_long_entity_used_often_is_refused() {
    let dtd = format!("<!ENTITY a \"{}\">", "b".repeat(100_000));
    let input = format!("<!DOCTYPE article [{dtd}]><article><p>{}</p></article>", "&a;".repeat(1_000));
    assert!(matches!(read(&input), Err(Error::TooLarge { .. })));
}

#[test]
fn deep_nesting_is_harmless() {
    let deep = format!("{}x{}", "<sec>".repeat(20_000), "</sec>".repeat(20_000));
    assert!(matches!(read(&jats(&deep)), Ok(_) | Err(Error::Damaged { .. })));
}

#[test]
fn recommendations_set_apart_are_boxes_with_their_labels() {
    check(
        &jats(
            "<statement><label>Recommendation 3</label><p>We recommend it.</p></statement><boxed-text><title>Box 1. Key</title><p>Give it.</p></boxed-text><disp-quote><p>Said.</p></disp-quote><sec><title>Next</title><p>Text.</p></sec>",
        ),
        "T | box | Recommendation 3. We recommend it.\nT | caption | Box 1. Key\nT | box | Give it.\nT | box | Said.\nT/Next | p | Text.",
    );
}

#[test]
fn the_title_of_a_box_ends_with_it() {
    check(
        &jats(
            "<sec><title>Dose</title><boxed-text><title>Never in children</title><p>Not under 12.</p></boxed-text><p>Give 5 mg.</p></sec>",
        ),
        "T/Dose/Never in children | box | Not under 12.\nT/Dose | p | Give 5 mg.",
    );
}

#[test]
fn a_label_goes_to_what_it_belongs_to() {
    check(
        &jats(
            "<table-wrap><label>Table 1</label><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><table-wrap-foot><p>Adults.</p></table-wrap-foot></table-wrap>",
        ),
        "T | caption | Table 1\nT | row (Table 1) | A: 1 | B: 2\nT | note | Adults.",
    );
    check(
        &jats("<p>So</p><disp-formula><label>(1)</label></disp-formula><sec><title>Aim</title><p>x</p></sec>"),
        "T | p | So\nT/Aim | p | x",
    );
    check(
        &jats("<fig><label>Figure 2</label><graphic/></fig><sec><title>Aim</title><p>x</p></sec>"),
        "T | p | Figure 2\nT/Aim | p | x",
    );
    check(&jats("<sec><label>2.1</label><p>Give it.</p></sec>"), "T | p | 2.1 Give it.");
}

#[test]
fn marks_in_cells_and_words_never_glue() {
    check(
        &jats(
            "<p>HbA1c 7.3<sup>3</sup> and H<sub>2</sub>O in adults<sup><xref ref-type=\"bibr\" rid=\"B3\">3</xref></sup></p><table-wrap><table><thead><tr><th>Item</th><th>Value<xref ref-type=\"table-fn\" rid=\"t\"><sup>a</sup></xref></th></tr></thead><tbody><tr><td>BASFI<sup>c*</sup></td><td>7<sup>†</sup></td></tr></tbody></table></table-wrap>",
        ),
        "T | p | HbA1c 7.3³ and H2O in adults\nT | row | Item: BASFI | Value: 7",
    );
}

fn label(section: &str) -> String {
    format!(
        "<document xmlns=\"urn:hl7-org:v3\"><title>DRUG</title><component><structuredBody><component>{section}</component></structuredBody></component></document>"
    )
}

#[test]
fn sections_of_a_label_without_a_title_are_named_by_their_code() {
    let boxed = "<section ID=\"b\"><code code=\"34066-1\"/><text><paragraph>Stop it.</paragraph></text></section>";
    check(&label(boxed), "DRUG/Boxed warning | box | Stop it.");
    let guide = "<section><code code=\"42231-1\"/><title/><text><paragraph><content styleCode=\"bold\">Medication Guide</content></paragraph><paragraph>Read it.</paragraph></text></section>";
    check(&label(guide), "DRUG/Medication guide | p | Read it.");
    let titled = "<section><code code=\"34067-9\"/><title>1 INDICATIONS</title><text><paragraph>For pain.</paragraph></text></section>";
    check(&label(titled), "DRUG/1 INDICATIONS | p | For pain.");
    let other = "<section><code code=\"42229-5\"/><text><paragraph>Text.</paragraph></text></section>";
    check(&label(other), "DRUG | p | Text.");
}

#[test]
fn lists_and_tables_of_a_label_nest() {
    let section = "<section><title>2 DOSAGE</title><text><list listType=\"ordered\"><item>One<list><item>a</item></list></item></list><table><caption>Table 1: Doses</caption><thead><tr><th>Age</th><th>Dose<footnote>Daily.</footnote></th></tr></thead><tbody><tr><td>65</td><td><list><item>5</item><item>6</item></list></td></tr></tbody></table></text></section>";
    check(
        &label(section),
        "DRUG/2 DOSAGE | li 1 | One\nDRUG/2 DOSAGE | li (One) | a\nDRUG/2 DOSAGE | caption | Table 1: Doses\nDRUG/2 DOSAGE | row (Table 1: Doses) | Age: 65 | Dose: 5; 6\nDRUG/2 DOSAGE | note | Daily.",
    );
}

#[test]
fn evidence_levels_of_a_cancer_summary_are_text() {
    check(
        "<Summary><SummaryTitle>S</SummaryTitle><SummarySection><Title>Care</Title><Para>It helps.[<LOERef href=\"x\">Level of evidence: 1iiA</LOERef>]<Reference refidx=\"1\"/></Para></SummarySection></Summary>",
        "S/Care | p | It helps.[Level of evidence: 1iiA]",
    );
}
