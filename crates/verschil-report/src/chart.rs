//! A small grammar of charts: scales, marks and the canvas they are drawn on.

pub(crate) mod area;
pub(crate) mod axis;
pub(crate) mod band;
pub(crate) mod heading;
pub(crate) mod hexagon;
pub(crate) mod ink;
pub(crate) mod interval;
pub(crate) mod line;
pub(crate) mod linear;
pub(crate) mod point;
pub(crate) mod rule;
pub(crate) mod slots;
pub(crate) mod text;

use band::Band;
use text::{Anchor, Text};

/// Width of every figure; narrow, so that its letters stay readable on a phone.
pub(crate) const WIDTH: f64 = 440.0;

/// Height of the mark of invented data above a drawing.
const STAMP: f64 = 26.0;

/// Something that can be drawn.
pub(crate) trait Mark {
    /// Appends the elements of this mark.
    fn draw(&self, out: &mut String);
}

/// The sheet that marks are drawn on.
pub(crate) struct Canvas {
    height: f64,
    body: String,
}

impl Canvas {
    pub(crate) fn new(height: f64) -> Self {
        Self { height, body: String::new() }
    }

    pub(crate) fn add(&mut self, mark: &impl Mark) {
        mark.draw(&mut self.body);
        self.body.push('\n');
    }

    /// Puts another drawing below this one.
    pub(crate) fn below(&mut self, other: &Self) {
        let top = number(self.height);
        self.body.push_str(&format!("<g transform=\"translate(0 {top})\">\n{}</g>\n", other.body));
        self.height += other.height;
    }

    /// The SVG, named for those who cannot see it; `name` makes its ids unique in a page. A
    /// `mark` stands above the drawing and goes wherever the file goes.
    pub(crate) fn finish(
        &self,
        name: &str,
        title: &str,
        description: &str,
        mark: Option<&str>,
    ) -> String {
        let (title, description) = (escape(title), escape(description));
        let (extra, body) = match mark {
            Some(mark) => (STAMP, stamped(mark, &self.body)),
            None => (0.0, self.body.clone()),
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-labelledby=\"{name}-title {name}-desc\" \
             font-family=\"{font}\" font-size=\"13\">\n\
             <title id=\"{name}-title\">{title}</title>\n<desc id=\"{name}-desc\">{description}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n{body}</svg>",
            width = number(WIDTH),
            height = number(self.height + extra),
            font = ink::FONT,
            paper = ink::PAPER,
        )
    }
}

/// The drawing below a mark over its whole width.
fn stamped(mark: &str, body: &str) -> String {
    let mut stamp = Canvas::new(STAMP);
    stamp.add(&Band {
        x: (0.5, WIDTH - 0.5),
        y: (0.5, STAMP - 4.0),
        fill: ink::CAUTION_TINT,
        frame: Some(ink::CAUTION),
    });
    stamp.add(&Text {
        x: WIDTH / 2.0,
        y: 15.5,
        words: mark,
        anchor: Anchor::Middle,
        color: ink::CAUTION,
        bold: true,
    });
    format!("{}<g transform=\"translate(0 {})\">\n{body}</g>\n", stamp.body, number(STAMP))
}

/// A coordinate with one decimal at most, the same on every machine.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text made safe inside SVG.
pub(crate) fn escape(text: &str) -> String {
    // XML has no place for these, not even written as numbers
    let lost = |c: &char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let shown: String = text.chars().filter(|c| !lost(c)).collect();
    shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
