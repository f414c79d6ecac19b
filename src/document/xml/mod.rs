//! Reads XML of three kinds: JATS articles, structured product labels and PDQ cancer information summaries.
//!
//! Each dialect says what its elements are ([`Role`]); one walk turns any of them into pieces. Other XML is refused by
//! the name of its root: text without known structure would be cited from the wrong places. DTDs are not fetched;
//! entities that HTML knows are understood without them.

mod entities;
mod jats;
mod pdq;
mod role;
mod spl;
mod table;
mod walk;

use roxmltree::{Node, ParsingOptions};

use super::{Builder, DefectKind, Document, Error, Limits, Reader, charset, flow};
use crate::corpus::Format;
use role::Role;

/// Nodes beyond which a file is refused; the parser keeps all of them in memory.
const MOST_NODES: u32 = 20_000_000;

/// Reads XML.
pub(super) struct Xml;

impl Reader for Xml {
    fn name(&self) -> &'static str {
        "xml/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        if bytes.trim_ascii_start().starts_with(b"%PDF-") {
            return Err(wrong("it begins as a PDF file does".to_owned()));
        }
        let mut builder = Builder::new(self.name(), limits);
        let text = charset::decode(bytes, charset::declared(bytes)).report(&mut builder);
        let text = text.trim_start();
        let expanded = entities::expanded_length(text);
        if expanded > limits.bytes {
            return Err(Error::TooLarge {
                what: "the text of its entities in bytes".to_owned(),
                found: expanded,
                limit: limits.bytes,
            });
        }
        let repaired;
        let tree = match parse(text) {
            Err(roxmltree::Error::UnknownEntityReference(..)) => {
                repaired = entities::spelled_out(text);
                parse(&repaired)
            }
            other => other,
        };
        let tree = tree.map_err(|error| Error::Damaged { format: Format::Xml, reason: error.to_string() })?;
        let root = tree.root_element();
        let dialect = dialect(root)?;
        let walked = walk::walk(root, dialect, limits);
        if let Some(title) = &walked.title {
            builder.title(title);
        }
        if walked.references > 0 {
            let detail = format!("{} marked reference lists were left out", walked.references);
            builder.defect(DefectKind::References, None, detail);
        }
        flow::write(walked.pieces, &mut builder);
        Ok(builder.finish())
    }
}

/// What the elements of a dialect are.
type Dialect = fn(Node<'_, '_>) -> Role;

fn dialect(root: Node<'_, '_>) -> Result<Dialect, Error> {
    match (root.tag_name().name(), root.tag_name().namespace()) {
        ("article" | "book" | "book-part", _) => Ok(jats::role),
        ("pmc-articleset" | "OAI-PMH", _) => Ok(jats::role),
        ("document", Some("urn:hl7-org:v3")) => Ok(spl::role),
        ("Summary" | "CancerInformationSummary", _) => Ok(pdq::role),
        (name, _) => Err(wrong(format!("its root is <{name}>, which is no known kind of guideline or label"))),
    }
}

fn wrong(reason: String) -> Error {
    Error::WrongFormat { expected: Format::Xml, reason }
}

fn parse(text: &str) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    roxmltree::Document::parse_with_options(text, options)
}

#[cfg(test)]
mod tests {
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
}
