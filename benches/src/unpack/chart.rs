//! SVG charts without a library: bars are rectangles, lines are paths.

use std::fmt::Write;

/// One bar of a chart: the median, lowest and highest value of a side.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub name: String,
    pub is_ours: bool,
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

const WIDTH: f64 = 760.0;
const LABELS: f64 = 270.0;
const ROW: f64 = 26.0;
const STYLE: &str = "<style>text{font:13px sans-serif;fill:#24292f}.t{font-size:16px;font-weight:600}.s{fill:#57606a;font-size:12px}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>";

/// Draws horizontal bars with the range of all rounds; Imprint's bars have another colour.
pub(crate) fn bars(title: &str, unit: &str, bars: &[Bar]) -> String {
    let height = 70.0 + ROW * bars.len() as f64;
    let longest = bars.iter().map(|bar| bar.high).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let scale = (WIDTH - LABELS - 90.0) / longest;
    let mut svg = open(
        height,
        title,
        &format!("{unit}: median, and the range of all rounds; less is better"),
    );
    for (row, bar) in bars.iter().enumerate() {
        let y = 62.0 + ROW * row as f64;
        let colour = if bar.is_ours { "#1a7f64" } else { "#8c959f" };
        let (width, middle) = (bar.value * scale, y + 9.0);
        write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{LABELS}\" y=\"{y}\" width=\"{width:.1}\" height=\"18\" fill=\"{colour}\"/>\
             <path d=\"M{:.1} {middle}H{:.1}\" stroke=\"#24292f\"/>\
             <text x=\"{:.1}\" y=\"{}\">{:.2}</text>",
            LABELS - 8.0,
            y + 14.0,
            escape(&bar.name),
            LABELS + bar.low * scale,
            LABELS + bar.high * scale,
            LABELS + bar.high * scale + 8.0,
            y + 14.0,
            bar.value,
        )
        .ok();
    }
    svg + "</svg>\n"
}

/// Draws lines over numbered revisions. A series has a name, a colour and a value per revision.
pub(crate) fn lines(title: &str, unit: &str, series: &[(&str, &str, Vec<f64>)]) -> String {
    const HEIGHT: f64 = 340.0;
    let count = series.iter().map(|(.., values)| values.len()).max().unwrap_or(0).max(2);
    let highest = series.iter().flat_map(|(.., values)| values.iter().copied()).fold(1.0, f64::max);
    let x = |at: usize| 60.0 + (WIDTH - 90.0) * at as f64 / (count - 1) as f64;
    let y = |value: f64| HEIGHT - 50.0 - (HEIGHT - 130.0) * value / highest;
    let mut svg = open(HEIGHT, title, unit);
    for tick in 0..=4 {
        let value = highest * f64::from(tick) / 4.0;
        write!(
            svg,
            "<path d=\"M60 {0:.1}H{1}\" stroke=\"#d0d7de\"/><text class=\"s\" x=\"52\" y=\"{2:.1}\" text-anchor=\"end\">{value:.0}</text>",
            y(value),
            WIDTH - 30.0,
            y(value) + 4.0
        )
        .ok();
    }
    for (index, (name, colour, values)) in series.iter().enumerate() {
        let points: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(at, value)| format!("{:.1} {:.1}", x(at), y(*value)))
            .collect();
        let label = 60.0 + 150.0 * index as f64;
        write!(
            svg,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <rect x=\"{label}\" y=\"{1}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\
             <text x=\"{2}\" y=\"{3}\">{4}</text>",
            points.join("L"),
            HEIGHT - 28.0,
            label + 18.0,
            HEIGHT - 17.0,
            escape(name)
        )
        .ok();
    }
    svg + "</svg>\n"
}

fn open(height: f64, title: &str, subtitle: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">{STYLE}\
         <text class=\"t\" x=\"16\" y=\"26\">{}</text><text class=\"s\" x=\"16\" y=\"46\">{}</text>",
        escape(title),
        escape(subtitle)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
