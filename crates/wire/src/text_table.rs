//! Tables on a terminal.

/// Formats rows as lines with aligned columns, two spaces apart; the first row is the header. Columns whose header begins
/// with `>` are aligned right, without that sign. Returns the lines without an end of line at the end.
pub fn text_table(rows: &[Vec<String>]) -> String {
    TableWidths::default().table(rows)
}

/// The widths of a table's columns so far, for a table that is shown in parts: a later part is at least as wide.
#[derive(Clone, Debug, Default)]
pub struct TableWidths(Vec<usize>);

impl TableWidths {
    /// Formats a part as [`text_table`] does; each part has the header as its first row.
    pub fn table(&mut self, rows: &[Vec<String>]) -> String {
        let columns = rows.first().map_or(0, Vec::len);
        let is_right: Vec<bool> =
            rows.first().into_iter().flatten().map(|head| head.starts_with('>')).collect();
        let bare = |cell: &String, row: usize| match row {
            0 => cell.trim_start_matches('>').to_owned(),
            _ => cell.clone(),
        };
        let rows: Vec<Vec<String>> = rows
            .iter()
            .enumerate()
            .map(|(number, row)| row.iter().map(|cell| bare(cell, number)).collect())
            .collect();
        self.0.resize(columns.max(self.0.len()), 0);
        for row in &rows {
            for (width, cell) in self.0.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let cell = |(column, text): (usize, &String)| {
            let width = self.0.get(column).copied().unwrap_or(0);
            match is_right.get(column) {
                Some(true) => format!("{text:>width$}"),
                _ => format!("{text:width$}"),
            }
        };
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
            cells.join("  ").trim_end().to_owned()
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [["NAME", ">SIZE", "ARCH"], ["a/1", "5 B", "x86_64"], ["long/1", "10 MB", "–"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let lines = ["NAME     SIZE  ARCH", "a/1       5 B  x86_64", "long/1  10 MB  –"];
        assert_eq!(text_table(&rows), lines.join("\n"));
        assert_eq!(text_table(&[]), "");
        let mut widths = TableWidths::default();
        assert_eq!(widths.table(&rows), lines.join("\n"));
        let later = [rows[0].clone(), ["b/1", "7 B", "–"].map(str::to_owned).to_vec()];
        assert_eq!(widths.table(&later), "NAME     SIZE  ARCH\nb/1       7 B  –");
    }
}
