//! Each case shows one difficulty of web pages.

use super::super::outline::outline;
use super::*;

fn read(input: &str) -> Document {
    Html.read(input.as_bytes(), &Limits::default()).expect("HTML is always read")
}

fn check(input: &str, expected: &str) {
    assert_eq!(outline(&read(input)), expected, "{input}");
}

#[test]
fn headings_and_paragraphs() {
    check("<h1 id=a>A</h1><p>one<p>two<h2>B</h2>three", "A | p | one\nA | p | two\nA/B | p | three");
    check("<h2><p>In it</p></h2><p>x", "In it | p | x");
    check(
        "<h1>Doses<h2>Adults<p>Start 5 mg<ul><li>a",
        "Doses/Adults | p | Start 5 mg\nDoses/Adults | li (Start 5 mg) | a",
    );
}

#[test]
fn anchors_come_from_blocks_and_bare_anchors() {
    let document = read("<h1><a name=top></a>A</h1><p id=p1><span id=s>one</span></p>");
    assert_eq!(document.sections[0].anchor.as_deref(), Some("top"));
    assert_eq!(document.sections[0].blocks[0].anchor.as_deref(), Some("p1"));
}

#[test]
fn pages_of_2001() {
    check(
        "<table width=100%><tr><td><font size=+1><b>Advice</b></font><br><br>Take it.<br>\nDaily.<br><br>Stop.</td></tr></table>",
        "Advice | p | Take it. Daily.\nAdvice | p | Stop.",
    );
    check("<pre>\nDrug     Dose\nCipro    500 mg\n</pre>", " | row | Drug: Cipro | Dose: 500 mg");
    check("Give:<br>&#149; a<br>&#149; b", " | p | Give:\n | li (Give:) | a\n | li (Give:) | b");
}

#[test]
fn classes_may_rank_headings() {
    check("<p class=head-A>A<p class=head-C>C<p>x", "A/C | p | x");
}

#[test]
fn the_site_around_the_text_is_left_out() {
    check(
        "<nav>Home</nav><header>Site</header><main><h1>A</h1><p>Text.</p></main><footer>Legal</footer>",
        "A | p | Text.",
    );
    check(
        "<div class=breadcrumb>Home > A</div><h1>A</h1><p>A text that is long enough to be the page itself.<aside><a href=x>More</a></aside>",
        "A | p | A text that is long enough to be the page itself.",
    );
    check(
        "<h2>Contents</h2><ul><li><a href=#a>A</a><li><a href=#b>B</a><li><a href=#c>C</a></ul><h2 id=a>A</h2><p>x",
        "A | p | x",
    );
    check(
        "<script>no</script><style>no</style><noscript>no</noscript><template>no</template><p>yes<button>no</button>",
        " | p | yes",
    );
}

#[test]
fn a_small_main_element_is_not_believed() {
    check(
        "<main>x</main><p>Most of the text stands outside of it.",
        " | p | x\n | p | Most of the text stands outside of it.",
    );
}

#[test]
fn what_a_reader_cannot_see_is_removed_and_counted() {
    let hidden = [
        "<div style='display: none'>12345</div>",
        "<p hidden>12345</p>",
        "<span style='visibility:hidden'>12345</span>",
        "<span style='font-size:0px'>12345</span>",
        "<font color=white>12345</font>",
        "<span style='color:#FFFFFF'>12345</span>",
        "<p style='position:absolute;left:-9999px'>12345</p>",
        "<span class=sr-only>12345</span>",
        "<p class='usa-sr-only'>12345</p>",
        "<template><p>12345</p></template>",
        "<noscript><p>12345</p></noscript>",
        "<style>.x{display:none}</style><p class=x>12345</p>",
        "<style>#y,#z{visibility:hidden}</style><p id=z>12345</p>",
        "<style>em.x{font-size:0}</style><em class=x>12345</em>",
        "<style>.x{color:#fefefe}</style><p class=x>12345</p>",
        "<style>.x{color:navy;background:#036} .y{color:#036;background:#003366}</style><p class=y>12345</p>",
        "<style>.x{height:0;overflow:hidden}</style><p class=x>12345</p>",
        "<!-- a b --><p style='text-indent:-999em'>12345</p>",
    ];
    for fragment in hidden {
        let document = read(&format!("<body><p>Seen.</p>{fragment}"));
        assert_eq!(document.text.as_str(), "Seen.", "{fragment}");
        assert!(document.defects[0].detail.starts_with("5 hidden"), "{fragment}");
    }
}

#[test]
fn what_a_reader_can_see_stays() {
    check("<table bgcolor=navy><tr><td><font color=white>White on blue</font></table>", " | p | White on blue");
    check("<p style='color: inherit'>Same colour</p>", " | p | Same colour");
    check("<button aria-controls=x>+</button><div id=x style='display:none'>Unfolded.</div>", " | p | Unfolded.");
    check("<p>BP <span aria-hidden=true>≥</span><span class=sr-only>at least</span> 140", " | p | BP ≥ 140");
}

#[test]
fn lists_know_what_introduces_them() {
    check(
        "<p>Give:<ol start=3><li>a<li>b<ul><li>c</ul><li>d</ol>",
        " | p | Give:\n | li 3 (Give:) | a\n | li 4 (Give:) | b\n | li (b) | c\n | li 5 (Give:) | d",
    );
    check("<ul><li><p>One.</p><p>Two.</p></ul>", " | li | One. Two.");
    check("<dl><dt>Dose<dd>5 mg<dt>Route<dd>oral</dl>", " | li | Dose: 5 mg\n | li | Route: oral");
}

#[test]
fn tables_repeat_their_heads() {
    check(
        "<table><caption>Doses</caption><tr><th>Drug<th>Dose<tr><td>a<td>5<tr><td>b<td>6</table>",
        " | caption | Doses\n | row (Doses) | Drug: a | Dose: 5\n | row (Doses) | Drug: b | Dose: 6",
    );
    check(
        "<p>TABLE 1. Doses</p><table><tr><th>A<th>B<tr><td>1<td>2</table>",
        " | caption | TABLE 1. Doses\n | row (TABLE 1. Doses) | A: 1 | B: 2",
    );
    check("<table><tr><th>A<th>B<tr><td><ul><li>x<li>y</ul><td>2</table>", " | row | A: x; y | B: 2");
}

#[test]
fn layout_tables_are_no_tables() {
    check(
        "<table><tr><td><h2>A</h2><p>x</td><td>y</td></tr><tr><td>z</td><td>w</td></tr></table>",
        "A | p | x\nA | p | y\nA | p | z\nA | p | w",
    );
    check("<table role=presentation><tr><td>x<td>y<tr><td>z<td>w</table>", " | p | x\n | p | y\n | p | z\n | p | w");
}

#[test]
fn reference_marks_go_and_exponents_stay() {
    check(
        "<p>Under 10<sup>9</sup>/L<sup><a href=#r1>1</a></sup> in CO<sub>2</sub> [<a href=#ref-2>2</a>, <a href=#ref-3>3</a>].",
        " | p | Under 10⁹/L in CO2.",
    );
    check("<p>See <a href=#s2>Section 2</a>.", " | p | See Section 2.");
}

#[test]
fn reference_lists_are_left_out() {
    check("<p>Text.</p><ol class=references><li>Smith</ol><p>More.", " | p | Text.\n | p | More.");
    check("<h2>A</h2><p>x<h2>References</h2><ol><li>Smith</ol><p>After.", "A | p | x\n | p | After.");
}

#[test]
fn notes_and_captions() {
    check(
        "<figure><img><figcaption>Course.</figcaption></figure><p>* Adults only.",
        " | caption | Course.\n | note | * Adults only.",
    );
    check("<blockquote>Recommended.</blockquote>", " | box | Recommended.");
}

#[test]
fn the_title_is_the_top_heading_or_the_declared_one() {
    assert_eq!(read("<title>Site | A</title><h1>A</h1><p>x").title.as_deref(), Some("A"));
    assert_eq!(read("<title>All</title><h1>A</h1><h1>B</h1>").title.as_deref(), Some("All"));
    assert_eq!(read("<title>PB_Ch_9</title><h2>A</h2>").title.as_deref(), Some("A"));
}

#[test]
fn buttons_that_are_headings_or_unfold_text_are_read() {
    check(
        "<h1>A</h1><h2><button>Doses</button></h2><p>Give 5 mg.</p><button>Print</button>",
        "A/Doses | p | Give 5 mg.",
    );
    check("<h1>A</h1><div><button aria-expanded=false>In pregnancy</button></div><p>No.", "A/In pregnancy | p | No.");
}

#[test]
fn marked_content_must_hold_nearly_everything() {
    let advice = "Never give it to children under two years of age.";
    let document = read(&format!("<main><p>{}</p></main><div><p>{advice}</p></div>", "Some words. ".repeat(10)));
    assert!(document.text.as_str().contains(advice));
}

#[test]
fn depth_is_harmless() {
    for fragment in [
        "<div>",
        "<b><i><ul><li>",
        "<table><tr><td>",
        "<blockquote><font>",
        "<table><tr><th>a<th>",
        "<sup>",
        "<a href=x>",
    ] {
        let document = read(&format!("{}deep", fragment.repeat(3_000)));
        assert!(document.text.as_str().contains("deep"), "{fragment}");
    }
}

#[test]
fn a_pdf_is_refused() {
    assert!(matches!(Html.read(b"\n%PDF-1.4", &Limits::default()), Err(Error::WrongFormat { .. })));
}
