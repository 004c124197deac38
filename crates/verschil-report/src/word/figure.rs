//! Figures as pictures, each between its title and how to read it.

use maud::{Markup, html};
use rayon::prelude::*;

use crate::ReportError;
use crate::document::{Block, Document, Placed, Shown};
use crate::picture;
use crate::word::blocks::Writer;
use crate::word::letters::plain;
use crate::word::line;
use crate::word::places;
use crate::word::table::{self, Size};
use crate::word::{WIDTH, package};

/// Dots for each unit of a drawing.
const SCALE: f32 = 2.0;
/// English Metric Units in a millimetre.
const MILLIMETRE: f64 = 36_000.0;
/// The width of a figure by itself, of one of two side by side, and the greatest height, in mm.
const ALONE: f64 = 115.0;
const BESIDE: f64 = 81.5;
const TALLEST: f64 = 190.0;
/// How much taller than the figure beside them figures below each other may become.
const SLACK: f64 = 1.1;

const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// A figure as it stands in the package.
pub(crate) struct Picture<'a> {
    pub(crate) name: &'a str,
    pub(crate) png: Vec<u8>,
    /// Height for each unit of width.
    shape: f64,
}

/// All figures that stand on paper, in order.
///
/// # Errors
/// [`ReportError::Picture`] when one cannot be drawn.
pub(crate) fn pictures(document: &Document) -> Result<Vec<Picture<'_>>, ReportError> {
    let mut all: Vec<&Placed> = Vec::new();
    for section in &document.sections {
        places::each(&section.blocks, &mut |block| {
            if let Block::Figures { figures } = block {
                all.extend(figures);
            }
        });
    }
    all.into_par_iter().map(drawn).collect()
}

fn drawn(placed: &Placed) -> Result<Picture<'_>, ReportError> {
    let drawn = picture::png(&placed.figure.svg, SCALE)?;
    let shape = f64::from(drawn.size.1) / f64::from(drawn.size.0);
    Ok(Picture { name: &placed.figure.name, png: drawn.png, shape })
}

impl Writer<'_> {
    /// Figures two by two, short ones below each other beside a tall one; one whose data stand
    /// beneath it has a row of its own.
    pub(crate) fn figures(&self, figures: &[Placed]) -> Markup {
        if let [one] = figures {
            return self.below_each_other(one, ALONE);
        }
        let mut rest = figures;
        let mut rows = Vec::new();
        while let [first, others @ ..] = rest {
            rest = others;
            match others {
                [second, ..] if !first.on_paper && !second.on_paper => {
                    let sides = self.sides(rest, first);
                    rest = &rest[sides.iter().map(Vec::len).sum::<usize>() - 1..];
                    rows.push(beside(&sides.map(|side| self.stacked(&side))));
                }
                _ => rows.push(self.below_each_other(first, BESIDE)),
            }
        }
        html! { @for row in rows { (row) } }
    }

    /// The first figure and the next one beside it, and those after it that fit beside the taller.
    fn sides<'p>(&self, rest: &'p [Placed], first: &'p Placed) -> [Vec<&'p Placed>; 2] {
        let mut sides = [vec![first], vec![&rest[0]]];
        let mut filled = [self.height(first), self.height(&rest[0])];
        for next in rest[1..].iter().take_while(|next| !next.on_paper) {
            let short = usize::from(filled[1] < filled[0]);
            let height = self.height(next);
            if filled[short] + height > SLACK * filled[1 - short] {
                break;
            }
            sides[short].push(next);
            filled[short] += height;
        }
        sides
    }

    fn stacked(&self, side: &[&Placed]) -> Markup {
        html! { @for placed in side { (self.figure(placed, BESIDE)) } }
    }

    /// About how tall a figure is beside another, with its words, in mm.
    fn height(&self, placed: &Placed) -> f64 {
        let lines = |words: &str, room: usize| words.chars().count().div_ceil(room) as f64;
        let figure = &placed.figure;
        let found = self.pictures.iter().find(|picture| picture.name == figure.name);
        let drawn = found.map_or(0.0, |picture| (BESIDE * picture.shape).min(TALLEST));
        drawn + 4.0 * lines(&figure.title, 45) + 3.6 * lines(&figure.caption, 60) + 6.0
    }

    fn below_each_other(&self, placed: &Placed, width: f64) -> Markup {
        html! {
            (self.figure(placed, width))
            @if placed.on_paper { (table::table(&placed.table, Size::Small)) }
        }
    }

    fn figure(&self, placed: &Placed, width: f64) -> Markup {
        let figure = &placed.figure;
        let at = self.pictures.iter().position(|picture| picture.name == figure.name);
        html! {
            w:p { w:pPr { w:pStyle w:val="FigureTitle" {} } (line::plain(&plain(&figure.title))) }
            @if let Some(at) = at {
                w:p {
                    w:pPr { w:pStyle w:val="Figure" {} }
                    w:r { (drawing(at, &self.pictures[at], &told(placed), width)) }
                }
            }
            w:p { w:pPr { w:pStyle w:val="Caption" {} } (line::plain(&figure.caption)) }
        }
    }
}

/// Two sides in one row, which does not split.
fn beside(sides: &[Markup; 2]) -> Markup {
    let width = WIDTH / 2;
    html! {
        w:tbl {
            w:tblPr {
                w:tblStyle w:val="Beside" {}
                w:tblW w:w=(width * 2) w:type="dxa" {}
                w:tblLayout w:type="fixed" {}
                w:tblLook w:val="0600" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1" {}
            }
            w:tblGrid { w:gridCol w:w=(width) {} w:gridCol w:w=(width) {} }
            w:tr {
                w:trPr { w:cantSplit {} }
                @for side in sides {
                    w:tc {
                        w:tcPr { w:tcW w:w=(width) w:type="dxa" {} }
                        (side)
                    }
                }
            }
        }
        (table::room())
    }
}

/// What those hear who do not see the figure; the data too, where no table says them.
fn told(placed: &Placed) -> String {
    let figure = &placed.figure;
    let folded = placed.data == Shown::Folded && !placed.on_paper;
    let words = if folded { figure.spoken() } else { figure.caption.clone() };
    plain(&format!("{}. {words}", figure.title))
}

fn drawing(at: usize, picture: &Picture, told: &str, width: f64) -> Markup {
    let width = width.min(TALLEST / picture.shape);
    let across = (width * MILLIMETRE).round();
    let down = (width * picture.shape * MILLIMETRE).round();
    let (id, name) = (at + 1, picture.name);
    html! {
        w:drawing {
            wp:inline distT="0" distB="0" distL="0" distR="0" {
                wp:extent cx=(across) cy=(down) {}
                wp:effectExtent l="0" t="0" r="0" b="0" {}
                wp:docPr id=(id) name=(name) descr=(told) {}
                wp:cNvGraphicFramePr { a:graphicFrameLocks noChangeAspect="1" {} }
                a:graphic {
                    a:graphicData uri=(PICTURE) {
                        pic:pic {
                            pic:nvPicPr {
                                pic:cNvPr id=(id) name=(name) descr=(told) {}
                                pic:cNvPicPr {}
                            }
                            pic:blipFill {
                                a:blip r:embed=(package::relation(at)) {}
                                a:stretch { a:fillRect {} }
                            }
                            pic:spPr {
                                a:xfrm { a:off x="0" y="0" {} a:ext cx=(across) cy=(down) {} }
                                a:prstGeom prst="rect" { a:avLst {} }
                            }
                        }
                    }
                }
            }
        }
    }
}
