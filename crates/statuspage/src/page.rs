//! The frame of a page, its tables and figures.

use maud::{DOCTYPE, Markup, html};
use time::OffsetDateTime;
use time::macros::format_description;

/// The style sheet of all pages.
pub const STYLE: &str = include_str!("style.css");

/// Rows of one table; more are on the pages behind it.
pub const ROWS_MAX: usize = 200;

/// How often a browser loads a page anew, in seconds.
const REFRESH: u32 = 10;

/// Makes a page. `trail` names the pages above it with their addresses.
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

/// Makes the page that says why there is none.
pub fn problem(text: &str) -> Markup {
    page("Nothing to show", &[("status", "/")], "", &html! { p.problem { (text) } })
}

/// A figure with its name and what it says more.
pub fn tile(name: &str, value: &str, more: &str) -> Markup {
    html! { div.tile { dt { (name) } dd { (value) } @if !more.is_empty() { dd.more { (more) } } } }
}

/// Figures beside one another.
pub fn tiles(tiles: &[Markup]) -> Markup {
    html! { dl.tiles { @for tile in tiles { (tile) } } }
}

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Words, to the left.
    Text(&'static str),
    /// Figures, to the right.
    Number(&'static str),
}

/// Makes a table. A row has a cell for each column.
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

/// Shows a time in milliseconds since the epoch.
pub fn moment(ms: i64) -> Markup {
    html! { time { (time_text(ms)) } }
}

fn time_text(ms: i64) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let time = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).ok();
    time.and_then(|time| time.format(&format).ok()).unwrap_or_else(|| "–".to_owned())
}

/// Writes a duration in milliseconds.
pub fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1e3),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms / 1_000 % 60),
        _ => format!("{} h {} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// Writes a count with a thin space between thousands.
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
