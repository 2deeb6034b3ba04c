//! Text on its way into the page.

/// Text between tags or in a quoted attribute.
pub fn escaped(text: &str) -> String {
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

/// Words in which `code` stands between backquotes, as descriptions have it.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        match is_code {
            true => out.push_str(&format!("<code>{}</code>", escaped(part))),
            false => out.push_str(&escaped(part)),
        }
    }
    out
}

/// A name for an anchor.
pub fn slug(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    parts.join("-")
}

/// A definition list of field, form and meaning, as a table with a caption.
pub fn fields(out: &mut String, caption: &str, headings: [&str; 3], rows: &[[String; 3]]) {
    if rows.is_empty() {
        return;
    }
    let [first, second, third] = headings;
    out.push_str(&format!(
        "<table class=\"fields\" role=\"table\">\n<caption>{}</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">\
         <th scope=\"col\" role=\"columnheader\">{first}</th><th scope=\"col\" role=\"columnheader\">{second}</th>\
         <th scope=\"col\" role=\"columnheader\">{third}</th></tr></thead>\n<tbody role=\"rowgroup\">\n",
        escaped(caption)
    ));
    for [name, form, meaning] in rows {
        out.push_str(&format!(
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{name}</th><td role=\"cell\">{form}</td>\
             <td role=\"cell\">{meaning}</td></tr>\n"
        ));
    }
    out.push_str("</tbody>\n</table>\n");
}
