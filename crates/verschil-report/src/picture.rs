//! A drawing as a picture of dots, for readers that take no SVG.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use crate::ReportError;
use crate::paper::FONTS;

/// The family that stands for every other one, so that each machine draws the same letters.
const FAMILY: &str = "Verschil Sans";

/// The most dots along a side: a picture of this side takes a gigabyte.
const MOST: f32 = 16_384.0;

static LETTERS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut letters = Database::new();
    for font in FONTS {
        letters.load_font_source(Source::Binary(Arc::new(font)));
    }
    letters.set_sans_serif_family(FAMILY);
    Arc::new(letters)
});

/// A picture of dots.
pub(crate) struct Picture {
    pub(crate) png: Vec<u8>,
    /// Dots across and down.
    pub(crate) size: (u32, u32),
}

/// The drawing as a PNG with `scale` dots for each of its units; the same bytes on every machine.
///
/// # Errors
/// [`ReportError::Picture`] when the drawing is no SVG, or the picture would have no dots or
/// more than can be held.
pub(crate) fn png(svg: &str, scale: f32) -> Result<Picture, ReportError> {
    let fault = ReportError::Picture;
    let options =
        Options { fontdb: LETTERS.clone(), font_family: FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| fault(error.to_string()))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    // also false for what is no number
    let fits = |side: f32| (1.0..=MOST).contains(&side);
    if !fits(width) || !fits(height) {
        return Err(fault(format!(
            "it would be {width} by {height} dots; allowed are 1 to {MOST} along each side"
        )));
    }
    let mut sheet = Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| fault("there is no room for its dots".to_owned()))?;
    sheet.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut sheet.as_mut());
    let png = sheet.encode_png().map_err(|error| fault(error.to_string()))?;
    Ok(Picture { png, size: (sheet.width(), sheet.height()) })
}
