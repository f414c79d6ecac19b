//! `GET /docs`: the API description as a page for people, made on the server from the description itself.
//!
//! A page of our own and no viewer: it needs no script, so the strictest content policy fits, it reads well on paper and
//! to a screen reader, and it weighs some kilobytes instead of megabytes.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::{Map, Value};

use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{openapi, reply};

/// Styles of our own and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Made once: the description does not change while the program runs.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let api: Value = serde_json::from_str(openapi::document()).unwrap_or_default();
    include_str!("docs.html")
        .replace("{{title}}", &escaped(text(&api["info"]["title"])))
        .replace("{{intro}}", &paragraphs(text(&api["info"]["description"])))
        .replace("{{contents}}", &contents(&api))
        .replace("{{calls}}", &calls(&api))
        .replace("{{shapes}}", &shapes(&api))
        .replace("{{problems}}", &problems())
});

/// The page.
pub(super) async fn page(request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let mut response = reply::tagged(request.headers(), "text/html; charset=utf-8", PAGE.as_bytes().into())?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

/// Its styles.
pub(super) async fn style(headers: HeaderMap) -> Result<Response, Problem> {
    reply::tagged(&headers, "text/css; charset=utf-8", include_bytes!("docs.css").as_slice().into())
}

/// Text as an element's content or a quoted attribute's value.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Escaped text whose `code` is marked as such.
fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) })
        .collect()
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n").filter(|one| !one.trim().is_empty()).map(|one| format!("<p>{}</p>\n", inline(one))).collect()
}

/// What a call is called within the page.
fn anchor(method: &str, path: &str) -> String {
    let path: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{method}{path}")
}

/// Every call: path, method, and what is said of it.
fn operations(api: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = api["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods
            .filter(|(_, one)| one["responses"].is_object())
            .map(move |(method, one)| (path.as_str(), method.as_str(), one))
    })
}

fn contents(api: &Value) -> String {
    let mut out = String::new();
    for tag in api["tags"].as_array().into_iter().flatten() {
        let name = text(&tag["name"]);
        let _ = writeln!(out, "<li>{}<ul>", inline(text(&tag["description"])));
        for (path, method, _) in operations(api).filter(|(_, _, one)| one["tags"][0] == name) {
            let (at, shown) = (anchor(method, path), escaped(path));
            let _ = writeln!(out, "<li><a href=\"#{at}\"><b>{}</b> {shown}</a></li>", method.to_uppercase());
        }
        out.push_str("</ul></li>\n");
    }
    out
}

fn calls(api: &Value) -> String {
    operations(api).map(|(path, method, one)| call(path, method, one)).collect()
}

fn call(path: &str, method: &str, one: &Value) -> String {
    let mut out = String::new();
    let at = anchor(method, path);
    let _ = writeln!(
        out,
        "<section id=\"{at}\" aria-labelledby=\"{at}-h\"><h3 id=\"{at}-h\"><b>{}</b> {}</h3>",
        method.to_uppercase(),
        escaped(path)
    );
    out.push_str(&paragraphs(text(&one["summary"])));
    out.push_str(&paragraphs(text(&one["description"])));
    let _ = writeln!(out, "<h4>Try it</h4><pre><code>{}</code></pre>", escaped(&curl(path, method, one)));
    let parameters = one["parameters"].as_array().filter(|parameters| !parameters.is_empty());
    if let Some(parameters) = parameters {
        out.push_str("<h4>Parameters</h4>");
        let rows = parameters.iter().map(|one| {
            let required = if one["required"] == true { "yes" } else { "no" };
            let name = format!("<code>{}</code> in {}", escaped(text(&one["name"])), escaped(text(&one["in"])));
            [name, of_type(&one["schema"]), required.to_owned(), inline(text(&one["description"]))]
        });
        out.push_str(&table(["Name", "Type", "Required", "Meaning"], rows));
    }
    if let Some(content) = one["requestBody"]["content"].as_object() {
        out.push_str("<h4>Body</h4>");
        out.push_str(&bodies(content));
    }
    out.push_str("<h4>Answers</h4>");
    let answers = one["responses"].as_object().into_iter().flatten().map(|(status, answer)| {
        let content = answer["content"].as_object();
        let shapes: Vec<String> = content
            .into_iter()
            .flatten()
            .map(|(media, content)| format!("{} as <code>{}</code>", of_type(&content["schema"]), escaped(media)))
            .collect();
        [format!("<b>{}</b>", escaped(status)), inline(text(&answer["description"])), shapes.join("<br>")]
    });
    out.push_str(&table(["Status", "Meaning", "Shape"], answers));
    out.push_str("</section>\n");
    out
}

fn bodies(content: &Map<String, Value>) -> String {
    let mut out = String::new();
    for (media, content) in content {
        let _ = writeln!(out, "<p><code>{}</code>: {}</p>", escaped(media), of_type(&content["schema"]));
    }
    out
}

/// The call as it would be typed.
fn curl(path: &str, method: &str, one: &Value) -> String {
    let mut address = path.to_owned();
    let mut query = Vec::new();
    for parameter in one["parameters"].as_array().into_iter().flatten() {
        let example = [&parameter["example"], &parameter["schema"]["example"]].into_iter().find(|one| !one.is_null());
        let example = example.map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
        match (text(&parameter["in"]), example) {
            ("path", Some(example)) => {
                address = address.replace(&format!("{{{}}}", text(&parameter["name"])), &example.replace('#', "%23"));
            }
            ("query", Some(example)) => query.push(format!("{}={example}", text(&parameter["name"]))),
            _ => {}
        }
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let mut line = match method {
        "get" => "curl".to_owned(),
        method => format!("curl -X {}", method.to_uppercase()),
    };
    let _ = write!(line, " 'http://127.0.0.1:8787{address}{query}'");
    let example = &one["requestBody"]["content"]["application/json"]["example"];
    if !example.is_null() {
        let body = example.to_string().replace('\'', "'\\''");
        let _ = write!(line, " \\\n  -H 'content-type: application/json' \\\n  -d '{body}'");
    }
    line
}

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut out =
        String::from("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><thead><tr>");
    for head in heads {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// A type in words, with its limits, and a link where it is a shape of its own.
fn of_type(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for (key, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " with ")] {
        if let Some(parts) = schema[key].as_array() {
            return parts.iter().map(of_type).collect::<Vec<_>>().join(word);
        }
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().map(text).collect(),
        _ => vec!["any"],
    };
    let mut out = names.join(" or ");
    if schema["items"].is_object() {
        out = out.replacen("array", &format!("list of {}", of_type(&schema["items"])), 1);
    }
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<String> = names.iter().map(|name| format!("<code>{}</code>", escaped(text(name)))).collect();
        out = names.join(" or ");
    }
    let limits = [
        ("minimum", "from"),
        ("maximum", "to"),
        ("minLength", "at least characters:"),
        ("maxLength", "at most characters:"),
        ("minItems", "at least items:"),
        ("maxItems", "at most items:"),
        ("default", "default"),
    ];
    for (key, words) in limits {
        if !schema[key].is_null() {
            let _ = write!(out, ", {words} {}", escaped(&schema[key].to_string()));
        }
    }
    out
}

fn shapes(api: &Value) -> String {
    let schemas = api["components"]["schemas"].as_object().into_iter().flatten();
    schemas.map(|(name, schema)| shape(name, schema)).collect()
}

fn shape(name: &str, schema: &Value) -> String {
    let at = escaped(name);
    let mut out = format!("<section id=\"shape-{at}\"><h3>{at}</h3>\n");
    out.push_str(&paragraphs(text(&schema["description"])));
    let parts: Vec<&Value> = match schema["allOf"].as_array() {
        Some(parts) => parts.iter().collect(),
        None => vec![schema],
    };
    let mut rows = Vec::new();
    for part in &parts {
        let required: Vec<&str> = part["required"].as_array().into_iter().flatten().map(text).collect();
        for (field, schema) in part["properties"].as_object().into_iter().flatten() {
            let must = if required.contains(&field.as_str()) { "yes" } else { "no" };
            let field = format!("<code>{}</code>", escaped(field));
            rows.push([field, of_type(schema), must.to_owned(), inline(text(&schema["description"]))]);
        }
    }
    let others: Vec<String> =
        parts.iter().filter(|part| !part["properties"].is_object()).map(|part| of_type(part)).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", others.join(" with "));
    }
    if !rows.is_empty() {
        out.push_str(&table(["Field", "Type", "Always", "Meaning"], rows.into_iter()));
    }
    out.push_str("</section>\n");
    out
}

fn problems() -> String {
    let rows = Kind::ALL.into_iter().map(|kind| {
        let name = format!("<code>urn:groundline:problem:{}</code>", kind.name());
        [format!("<b>{}</b>", kind.status().as_u16()), name, kind.title().to_owned()]
    });
    table(["Status", "Type", "Meaning"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_shape_and_problem_stands_on_the_page() {
        let api: Value = serde_json::from_str(openapi::document()).expect("JSON");
        let mut calls = 0;
        for (path, method, _) in operations(&api) {
            assert!(PAGE.contains(&format!("id=\"{}\"", anchor(method, path))), "{method} {path}");
            assert!(PAGE.contains(&format!("href=\"#{}\"", anchor(method, path))), "{method} {path} is not listed");
            calls += 1;
        }
        assert!(calls >= 15, "{calls} calls");
        for kind in Kind::ALL {
            assert!(PAGE.contains(kind.name()), "{}", kind.name());
        }
        assert!(!PAGE.contains("{{"), "a place was not filled");
    }

    #[test]
    fn every_link_within_the_page_leads_somewhere() {
        let links = PAGE.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        let lost: Vec<&str> = links.filter(|link| !PAGE.contains(&format!("id=\"{link}\""))).collect();
        assert!(lost.is_empty(), "{lost:?}");
        let ids: Vec<&str> = PAGE.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let different: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), different.len(), "an id stands twice");
    }

    #[test]
    fn what_is_described_cannot_become_markup() {
        assert_eq!(inline("a <b> `c<d>` & e"), "a &lt;b&gt; <code>c&lt;d&gt;</code> &amp; e");
        assert!(!PAGE.contains("<script") && !PAGE.contains("style=\"") && !PAGE.contains("onclick"));
    }
}
