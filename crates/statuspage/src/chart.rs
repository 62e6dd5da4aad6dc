//! SVG charts: rows of bars with coloured parts, each row with its value in words.

use maud::{Markup, html};

/// The count of colours that the style sheet has for parts. Higher colour numbers begin again with the first colour.
pub const COLOURS: usize = 6;

/// Widths and heights in the SVG's own units: the whole chart, the label column, the value column, a row, a bar.
const WIDTH: f64 = 960.0;
const LABEL: f64 = 300.0;
const VALUE: f64 = 110.0;
const ROW: f64 = 24.0;
const BAR: f64 = 14.0;

/// Characters that fit in the label column.
const LABEL_CHARS: usize = 44;

/// One row of a chart: a label, a bar and a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Text at the left of the bar; a long label loses its beginning.
    pub label: String,
    /// Parts of the bar, from left to right.
    pub parts: Vec<Part>,
    /// The value in words, at the right of the bar.
    pub value: String,
}

/// A part of a bar, in one colour. A part of length 0 is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Index of the colour, as in the legend; from [`COLOURS`] on, the colours repeat.
    pub colour: usize,
    /// Tooltip: what the part stands for, or its value in words.
    pub name: String,
    /// Length in the common unit of all rows.
    pub len: u64,
}

/// Draws rows on one common scale. `legend` names the colours, beginning with the first; it may be empty.
pub fn rows(caption: &str, legend: &[&str], rows: &[Row]) -> Markup {
    let total = |row: &Row| row.parts.iter().map(|part| part.len).sum::<u64>();
    let longest = rows.iter().map(total).max().unwrap_or_default().max(1);
    let scale = (WIDTH - LABEL - VALUE) / longest as f64;
    let top = if legend.is_empty() { 0.0 } else { ROW };
    let height = top + ROW * rows.len() as f64;
    html! {
        figure {
            svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(caption) {
                @for (index, name) in legend.iter().enumerate() {
                    @let x = LABEL + (WIDTH - LABEL) / legend.len() as f64 * index as f64;
                    rect x=(x) y="2" width="10" height="10" class=(colour(index)) {}
                    text.soft x=(x + 15.0) y="11" { (name) }
                }
                @for (index, row) in rows.iter().enumerate() {
                    (bar(row, top + ROW * index as f64, scale))
                }
            }
            figcaption { (caption) }
        }
    }
}

fn bar(row: &Row, y: f64, scale: f64) -> Markup {
    let mut end = LABEL;
    let places: Vec<(f64, f64)> = row
        .parts
        .iter()
        .map(|part| {
            let start = end;
            end += part.len as f64 * scale;
            (start, end - start)
        })
        .collect();
    html! {
        text x="0" y=(y + BAR) { (shortened(&row.label)) title { (row.label) } }
        @for (part, (x, width)) in row.parts.iter().zip(places) {
            @if part.len > 0 {
                rect x=(units(x)) y=(y + 3.0) width=(units(width.max(0.5))) height=(BAR) class=(colour(part.colour)) {
                    title { (part.name) }
                }
            }
        }
        text.soft x=(units(end + 6.0)) y=(y + BAR) { (row.value) }
    }
}

fn colour(index: usize) -> String {
    format!("c{}", index % COLOURS)
}

/// Rounds a coordinate to a tenth of a unit, which is finer than a screen shows.
fn units(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Cuts off the beginning of a long label, because the end of a label says more.
fn shortened(label: &str) -> String {
    let chars = label.chars().count();
    if chars <= LABEL_CHARS {
        return label.to_owned();
    }
    let end: String = label.chars().skip(chars + 1 - LABEL_CHARS).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(lens: &[u64]) -> Row {
        let part =
            |(colour, len): (usize, &u64)| Part { colour, name: "<p>".to_owned(), len: *len };
        let parts = lens.iter().enumerate().map(part).collect();
        Row { label: "a".to_owned(), parts, value: "v".to_owned() }
    }

    fn widths(svg: &str) -> Vec<f64> {
        let parts = svg.split("width=\"").skip(1);
        parts.map(|part| part[..part.find('"').unwrap()].parse().unwrap()).collect()
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let svg = rows("c", &[], &[row(&[30, 10]), row(&[20])]).into_string();
        let widths = widths(&svg);
        assert_eq!(widths, [412.5, 137.5, 275.0]);
        assert!(svg.contains("&lt;p&gt;"));
    }

    #[test]
    fn nothing_at_all_is_a_chart_too() {
        let svg = rows("c", &["x"], &[row(&[]), row(&[0])]).into_string();
        assert!(svg.contains("viewBox") && !svg.contains("NaN"));
    }

    #[test]
    fn long_labels_keep_their_ends() {
        let label = format!("{}/latest", "x".repeat(60));
        assert!(shortened(&label).ends_with("/latest"));
        assert_eq!(shortened(&label).chars().count(), LABEL_CHARS);
    }
}
