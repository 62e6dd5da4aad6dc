//! The frame of a page, its tables and its figures.

use maud::{DOCTYPE, Markup, html};
use time::OffsetDateTime;
use time::macros::format_description;

/// The style sheet of all pages, served as `/style.css`.
pub const STYLE: &str = include_str!("style.css");

/// Maximum number of rows in one table; further rows are on following pages.
pub const ROWS_MAX: usize = 200;

/// Seconds after which a browser reloads a page.
const REFRESH: u32 = 10;

/// Renders a page. `trail` holds the names and addresses of the pages above; `about` is the line below the title.
pub fn page(title: &str, trail: &[(&str, &str)], about: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="refresh" content=(REFRESH);
                title { (title) " · Imprint" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header {
                    nav { @for (name, address) in trail { a href=(address) { (name) } " / " } }
                    h1 { (title) }
                    p.about { (about) }
                }
                main { (body) }
                footer { "Times are UTC. " a href="/metrics" { "metrics" } " · " a href="/healthz" { "health" } }
            }
        }
    }
}

/// Renders the page for a request that failed, with the reason.
pub fn problem(text: &str) -> Markup {
    page("Nothing to show", &[("status", "/")], "", &html! { p.problem { (text) } })
}

/// Renders a figure with its name; `more` is a smaller line below, or empty.
pub fn tile(name: &str, value: &str, more: &str) -> Markup {
    html! { div.tile { dt { (name) } dd { (value) } @if !more.is_empty() { dd.more { (more) } } } }
}

/// Renders figures of [`tile`] side by side.
pub fn tiles(tiles: &[Markup]) -> Markup {
    html! { dl.tiles { @for tile in tiles { (tile) } } }
}

/// A column's heading and alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Words, aligned left.
    Text(&'static str),
    /// Numbers, aligned right.
    Number(&'static str),
}

/// Renders a table. Each row has one cell for each column.
pub fn table(columns: &[Column], rows: &[Vec<Markup>]) -> Markup {
    let class = |column: &Column| match column {
        Column::Text(_) => "text",
        Column::Number(_) => "number",
    };
    html! {
        div.table { table {
            thead { tr { @for column in columns {
                @let (Column::Text(name) | Column::Number(name)) = column;
                th scope="col" class=(class(column)) { (name) }
            } } }
            tbody { @for row in rows { tr {
                @for (cell, column) in row.iter().zip(columns) { td class=(class(column)) { (cell) } }
            } } }
        } }
    }
}

/// Renders a time, given in milliseconds since the epoch, as UTC to the second; `–` if it is out of range.
pub fn moment(ms: i64) -> Markup {
    html! { time { (time_text(ms)) } }
}

/// Returns the day of a time, given in milliseconds since the epoch, in UTC; `–` if it is out of range.
pub fn date(ms: i64) -> String {
    time_text(ms).chars().take_while(|c| *c != ' ').collect()
}

fn time_text(ms: i64) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let time = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).ok();
    time.and_then(|time| time.format(&format).ok()).unwrap_or_else(|| "–".to_owned())
}

/// Formats a duration in milliseconds in its largest units: `999 ms`, `1.5 s`, `1 min 1 s`, `1 h 2 min`.
pub fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1e3),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms / 1_000 % 60),
        _ => format!("{} h {} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// Formats a count with a narrow no-break space between thousands.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(duration(999), "999 ms");
        assert_eq!(duration(61_000), "1 min 1 s");
        assert_eq!(duration(3_720_000), "1 h 2 min");
        assert_eq!(time_text(1_700_000_000_999), "2023-11-14 22:13:20");
        assert_eq!(time_text(i64::MIN), "–");
    }

    #[test]
    fn what_is_shown_is_text_and_never_markup() {
        let body = table(&[Column::Text("path")], &[vec![html! { ("<script>alert(1)</script>") }]]);
        let made = page("a & b", &[("up", "/?x=\"y")], "", &body).into_string();
        assert!(!made.contains("<script"));
        assert!(made.contains("a &amp; b") && made.contains("/?x=&quot;y"));
    }
}
