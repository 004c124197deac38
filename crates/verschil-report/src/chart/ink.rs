//! The few colours of a figure; every distinction also has a shape or a dash.

pub(crate) const PAPER: &str = "#ffffff";
pub(crate) const TEXT: &str = "#1c2733";
pub(crate) const MUTED: &str = "#54606b";
pub(crate) const GRID: &str = "#e4e8eb";
/// Grid that must also show on a shaded row.
pub(crate) const LANE: &str = "#d3dade";
pub(crate) const AXIS: &str = "#7b8790";
pub(crate) const SHADE: &str = "#eef1f4";
pub(crate) const TINT: &str = "#e3eef5";
pub(crate) const TREATED: &str = "#0b5480";
pub(crate) const CONTROL: &str = "#9a4a12";
pub(crate) const CAUTION: &str = "#7a3e00";
pub(crate) const CAUTION_TINT: &str = "#fdf3e3";
pub(crate) const FONT: &str = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/// What holds for all at once, behind what holds for each; 3 to 1 against paper.
pub(crate) const BAND: &str = "#6b99b4";

/// Fill of a region of the control group; paler than the treated also without colour.
pub(crate) const CONTROL_TINT: &str = "#f3d9c3";
/// Values from low to high, evenly darker; words on the last ones are white.
pub(crate) const STEPS: [&str; 6] =
    ["#f1f5f8", "#cfe0ea", "#a3c6da", "#6ea6c4", "#3a81a9", "#0b5480"];

/// Dashes of the edge of what is left out.
pub(crate) const DOTS: &str = "2 2";
/// Dashes of whatever is not the main line.
pub(crate) const DASH: &str = "5 3";
