//! PDF files made by hand: as much of the format as a page with words needs.

/// A PDF with these pages, each a content stream that may use the font `/F1`.
pub(crate) fn pdf_of(pages: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|nth| format!("{} 0 R", 4 + 2 * nth)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for page in pages {
        let content = objects.len() + 2;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{page}endstream", page.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (nth, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", nth + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    places.iter().for_each(|place| file.push_str(&format!("{place:010} 00000 n \n")));
    file.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    file.into_bytes()
}

/// A page with these lines, one under the other.
pub(crate) fn lines(lines: &[&str]) -> String {
    let line = |(nth, words): (usize, &&str)| format!("1 0 0 1 72 {} Tm ({words}) Tj\n", 720 - 14 * nth);
    format!("BT /F1 10 Tf\n{}ET\n", lines.iter().enumerate().map(line).collect::<String>())
}
