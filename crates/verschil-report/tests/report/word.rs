//! The report for Word: a package that opens without repair and says what the page says.

mod order;
mod package;

use std::collections::HashSet;
use std::sync::LazyLock;

use roxmltree::Node;
use verschil_report::{Report, ReportError, figures, html, png};
use verschil_study::results::Results;

use crate::fixture::{six_treated, text};
use crate::one_treated::one_treated;
use package::{Package, attribute, inside, is, paragraphs, style};

/// A report in one language, as page and as document.
struct Written {
    results: Results,
    language: &'static str,
    page: String,
    package: Package,
}

fn docx(results: &Results, language: &str) -> Vec<u8> {
    Report::new(results, language, None).unwrap().docx().unwrap()
}

/// Written once, because drawing takes long in a build that is not optimised.
static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for results in [one_treated(), six_treated()] {
        for language in ["nl", "en"] {
            all.push(Written {
                page: html(&results, language).unwrap(),
                package: Package::read(docx(&results, language)),
                results: results.clone(),
                language,
            });
        }
    }
    all
});

#[test]
fn every_part_is_well_formed_and_in_the_order_of_the_standard() {
    for written in WRITTEN.iter() {
        written.package.each_part(|name, part| order::assert_standard(name, part.root_element()));
    }
}

#[test]
fn parts_refer_to_parts_that_are_there() {
    for written in WRITTEN.iter() {
        let package = &written.package;
        for (file, folder) in [("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")] {
            for relation in inside(package.part(file).root_element(), "Relationship") {
                let target = format!("{folder}{}", attribute(relation, "Target"));
                assert!(package.holds(&target), "{target}");
            }
        }
        let types = package.part("[Content_Types].xml");
        for part in inside(types.root_element(), "Override") {
            assert!(package.holds(&attribute(part, "PartName")[1..]));
        }
        let styles = package.part("word/styles.xml");
        let known: HashSet<String> =
            inside(styles.root_element(), "style").map(|one| attribute(one, "styleId")).collect();
        package.each_part(|name, part| {
            for used in ["pStyle", "rStyle", "tblStyle", "basedOn", "next"] {
                for one in inside(part.root_element(), used) {
                    assert!(known.contains(&attribute(one, "val")), "{name}: {one:?}");
                }
            }
        });
    }
}

#[test]
fn both_languages_have_the_same_structure() {
    for pair in WRITTEN.chunks(2) {
        let shape = |written: &Written| -> Vec<String> {
            let part = written.package.part("word/document.xml");
            let all = part.descendants().filter(Node::is_element);
            // words break where their language breaks them
            let all = all.filter(|node| {
                !["t", "softHyphen", "noBreakHyphen"].contains(&node.tag_name().name())
            });
            all.map(|node| format!("{} {}", node.tag_name().name(), style(node))).collect()
        };
        assert_eq!(shape(&pair[0]), shape(&pair[1]));
    }
}

#[test]
fn the_document_says_every_sentence_of_the_page() {
    for written in WRITTEN.iter() {
        let said = paragraphs(&written.package.part("word/document.xml"));
        let said: Vec<String> = said.iter().map(|one| package::normal(one)).collect();
        let lines = package::lines_of_page(&written.page);
        assert!(lines.len() > 100, "{}", lines.len());
        for line in lines {
            assert!(said.iter().any(|one| one.contains(&line)), "{}: {line}", written.language);
        }
    }
}

#[test]
fn headings_and_lists_are_those_of_word() {
    for written in WRITTEN.iter() {
        let part = written.package.part("word/document.xml");
        let of =
            |wanted: &str| inside(part.root_element(), "p").filter(|p| style(*p) == wanted).count();
        assert_eq!(of("Title"), 1);
        assert_eq!(of("Heading1"), written.page.matches("<section id=").count());
        assert_eq!(of("TOC1"), of("Heading1"));
        assert_eq!(of("Heading3"), written.page.matches("<h4").count());
        assert!(of("Heading2") > 0);
        let items = written.page.split_once("<main").unwrap().1.matches("<li>").count();
        assert_eq!(of("ListBullet") + of("Literature") + of("FindingName"), items);
        let styles = written.package.part("word/styles.xml");
        for (id, name, level) in [
            ("Heading1", "heading 1", "0"),
            ("Heading2", "heading 2", "1"),
            ("Heading3", "heading 3", "2"),
        ] {
            let one =
                inside(styles.root_element(), "style").find(|s| attribute(*s, "styleId") == id);
            let one = one.unwrap();
            assert_eq!(attribute(inside(one, "name").next().unwrap(), "val"), name);
            assert_eq!(attribute(inside(one, "outlineLvl").next().unwrap(), "val"), level);
        }
    }
}

#[test]
fn tables_fit_the_page_repeat_their_heads_and_keep_rows_whole() {
    for written in WRITTEN.iter() {
        let part = written.package.part("word/document.xml");
        let mut reports = 0;
        for table in inside(part.root_element(), "tbl") {
            let number = |node: Node, name: &str| attribute(node, name).parse::<u32>().unwrap();
            let columns: Vec<u32> = inside(table, "gridCol").map(|one| number(one, "w")).collect();
            assert_eq!(columns.iter().sum::<u32>(), 9638);
            assert!(columns.iter().all(|&width| width > 300), "{columns:?}");
            for row in inside(table, "tr") {
                assert!(inside(row, "cantSplit").next().is_some());
                let spans = inside(row, "tc").map(|cell| {
                    inside(cell, "gridSpan").next().map_or(1, |span| number(span, "val"))
                });
                assert_eq!(spans.sum::<u32>() as usize, columns.len());
            }
            if style(table) == "ReportTable" {
                reports += 1;
                let first = inside(table, "tr").next().unwrap();
                assert!(inside(first, "tblHeader").next().is_some());
                assert_eq!(inside(table, "tblHeader").count(), 1);
            }
        }
        assert!(reports > 2);
    }
}

#[test]
fn every_picture_is_there_fits_and_is_told() {
    for written in WRITTEN.iter() {
        let part = written.package.part("word/document.xml");
        let relations = written.package.part("word/_rels/document.xml.rels");
        let drawn = figures(&written.results, written.language).unwrap();
        let mut ids = HashSet::new();
        for drawing in inside(part.root_element(), "drawing") {
            let told = inside(drawing, "docPr").next().unwrap();
            assert!(ids.insert(attribute(told, "id")));
            let figure = drawn.iter().find(|one| one.name == attribute(told, "name")).unwrap();
            let description = package::normal(&attribute(told, "descr"));
            assert!(description.contains(&package::normal(&figure.caption)), "{}", figure.name);
            let extent = inside(drawing, "extent").next().unwrap();
            let side = |name: &str| attribute(extent, name).parse::<u32>().unwrap();
            assert!(side("cx") <= 115 * 36_000 && side("cy") <= 190 * 36_000);
            let blip = attribute(inside(drawing, "blip").next().unwrap(), "embed");
            let relation = inside(relations.root_element(), "Relationship")
                .find(|one| attribute(*one, "Id") == blip)
                .unwrap();
            let png = written.package.bytes(&format!("word/{}", attribute(relation, "Target")));
            assert!(png.starts_with(b"\x89PNG"));
        }
        assert_eq!(ids.len(), written.page.matches("<figure id=").count());
        assert_eq!(
            ids.len(),
            written.package.names().filter(|name| name.ends_with(".png")).count()
        );
    }
}

#[test]
fn every_link_leads_to_a_bookmark_that_word_can_name() {
    for written in WRITTEN.iter() {
        let part = written.package.part("word/document.xml");
        let marks: Vec<String> = inside(part.root_element(), "bookmarkStart")
            .map(|mark| attribute(mark, "name"))
            .collect();
        let unique: HashSet<&String> = marks.iter().collect();
        assert_eq!(unique.len(), marks.len());
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(marks.iter().all(|mark| mark.len() <= 40 && mark.chars().all(allowed)));
        let links: Vec<String> = inside(part.root_element(), "hyperlink")
            .map(|link| attribute(link, "anchor"))
            .collect();
        assert!(links.len() > 5 && links.iter().all(|link| unique.contains(link)));
    }
}

#[test]
fn the_document_says_its_language_title_and_status() {
    for written in WRITTEN.iter() {
        let language = if written.language == "nl" { "nl-NL" } else { "en-GB" };
        let package = &written.package;
        let styles = package.part("word/styles.xml");
        let lang =
            inside(inside(styles.root_element(), "docDefaults").next().unwrap(), "lang").next();
        assert_eq!(attribute(lang.unwrap(), "val"), language);
        let core = package.part("docProps/core.xml");
        let said =
            |name: &'static str| inside(core.root_element(), name).next().unwrap().text().unwrap();
        assert_eq!(said("language"), language);
        assert!(written.page.contains(&format!("<title>{}</title>", said("title"))));
        let header = paragraphs(&package.part("word/header1.xml")).join(" ");
        assert!(!header.trim().is_empty(), "every page says how the run stands");
        let footer = package.part("word/footer1.xml");
        let fields: Vec<String> =
            inside(footer.root_element(), "fldSimple").map(|one| attribute(one, "instr")).collect();
        assert_eq!(fields, [" PAGE ", " NUMPAGES "]);
    }
}

#[test]
fn invented_data_are_marked_on_every_page() {
    let mut results = one_treated();
    results.study.synthetic = true;
    let package = Package::read(docx(&results, "en"));
    let header = paragraphs(&package.part("word/header1.xml")).join(" ");
    assert!(header.contains("Invented"), "{header}");
    let part = package.part("word/document.xml");
    assert!(inside(part.root_element(), "p").any(|p| style(p) == "NoticeInvented"));
}

#[test]
fn the_same_results_give_the_same_bytes_without_a_clock() {
    let again = Package::read(docx(&one_treated(), "nl"));
    assert!(again.raw() == WRITTEN[0].package.raw());
    assert!(again.times().all(|year| year == 1980));
    assert!(again.part("docProps/core.xml").descendants().all(|node| !is(node, "created")));
}

#[test]
fn no_text_of_a_study_breaks_the_document() {
    let mut results = one_treated();
    let hostile = "<w:p> & ]]> <!-- \u{0}\u{7}\u{b}\u{1b}\u{85}\u{fffe}\u{ffff} \u{202e}x \u{5d0} 😀 \"'\n\t&#0;";
    results.study.title = text(hostile, hostile);
    results.study.question = text(hostile, hostile);
    results.study.limitations = text(hostile, hostile);
    results.outcomes[0].label = text(hostile, hostile);
    results.outcomes[0].explanation = text(hostile, hostile);
    let package = Package::read(docx(&results, "en"));
    package.each_part(|name, part| order::assert_standard(name, part.root_element()));
    let said = paragraphs(&package.part("word/document.xml"));
    let shown = "<w:p> & ]]> <!-- \u{202e}x \u{5d0} 😀 \"' &#0;";
    assert!(said.iter().any(|one| package::normal(one) == package::normal(shown)));
}

#[test]
fn a_figure_is_drawn_with_as_many_dots_as_asked_and_the_same_every_time() {
    let figure = &figures(&one_treated(), "en").unwrap()[0];
    let width = |scale: f32| {
        let bytes = png(figure, scale).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        u32::from_be_bytes(bytes[16..20].try_into().unwrap())
    };
    assert_eq!((width(1.0), width(0.5)), (440, 220));
    assert_eq!(png(figure, 1.0).unwrap(), png(figure, 1.0).unwrap());
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e6] {
        assert!(matches!(png(figure, scale), Err(ReportError::Picture(_))), "{scale}");
    }
}
