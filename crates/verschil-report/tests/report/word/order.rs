//! The order in which ECMA-376 part 1 has the children of an element; Word asks for it.

use roxmltree::Node;

/// Elements and their children, in order. What is not listed is not allowed.
const ORDER: [(&str, &str); 13] = [
    (
        "pPr",
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd \
         tabs suppressAutoHyphens spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
    ),
    (
        "rPr",
        "rStyle rFonts b bCs i iCs caps smallCaps strike noProof vanish webHidden color spacing w kern \
         position sz szCs highlight u effect bdr shd vertAlign rtl cs em lang",
    ),
    (
        "tblPr",
        "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    ),
    ("tcPr", "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign"),
    ("tblBorders", "top left bottom right insideH insideV"),
    ("tblCellMar", "top left bottom right"),
    ("tbl", "tblPr tblGrid tr"),
    (
        "style",
        "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr tblStylePr",
    ),
    (
        "settings",
        "zoom defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps \
         characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
    ),
    ("sectPr", "headerReference footerReference pgSz pgMar cols"),
    ("lvl", "start numFmt pStyle suff lvlText lvlJc pPr rPr"),
    ("inline", "extent effectExtent docPr cNvGraphicFramePr graphic"),
    ("font", "altName panose1 charset family pitch"),
];

/// Fails at the first child out of order, and where a cell ends without a paragraph.
pub fn assert_standard(part: &str, root: Node) {
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        if let Some((_, order)) = ORDER.iter().find(|(element, _)| *element == name) {
            let order: Vec<&str> = order.split_whitespace().collect();
            let places: Vec<usize> = node
                .children()
                .filter(Node::is_element)
                .map(|child| {
                    let child = child.tag_name().name();
                    let place = order.iter().position(|one| *one == child);
                    place.unwrap_or_else(|| panic!("{part}: {child} in {name}"))
                })
                .collect();
            assert!(places.is_sorted(), "{part}: children of {name}");
        }
        if name == "tc" || name == "body" {
            let last = node.children().rfind(Node::is_element).unwrap();
            let ends = if name == "tc" { "p" } else { "sectPr" };
            assert_eq!(last.tag_name().name(), ends, "{part}: end of {name}");
        }
    }
}

#[test]
fn the_order_is_asked_for() {
    let fails = |xml: &str| {
        let part = roxmltree::Document::parse(xml).unwrap();
        std::panic::catch_unwind(|| assert_standard("a part", part.root_element())).is_err()
    };
    assert!(!fails("<p><pPr><pStyle/><jc/></pPr></p>"));
    assert!(fails("<p><pPr><jc/><pStyle/></pPr></p>"));
    assert!(fails("<p><pPr><table/></pPr></p>"));
    assert!(fails("<tc><tbl/></tc>"));
}
