//! Table of the steps with their durations.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

/// A line of the table: a step, or one of the two phases of a publication.
#[derive(Debug, Clone)]
pub(super) struct StepRow {
    pub title: String,
    pub time: Duration,
    /// Bytes sent, written or read by the step.
    pub moved: Option<u64>,
    /// Blocks of 512 KiB that the step dirtied on the volume.
    pub dirty: Option<u64>,
    pub detail: String,
}

impl StepRow {
    pub(super) fn new(title: &str, time: Duration) -> Self {
        let (title, detail) = (title.to_owned(), String::new());
        Self { title, time, moved: None, dirty: None, detail }
    }
}

/// JSON form of a [`StepRow`].
#[derive(Serialize)]
pub(super) struct StepDocument<'a> {
    step: &'a str,
    elapsed_ms: u128,
    bytes_moved: Option<u64>,
    dirty_blocks_512k: Option<u64>,
    detail: &'a str,
}

impl<'a> From<&'a StepRow> for StepDocument<'a> {
    fn from(row: &'a StepRow) -> Self {
        Self {
            step: row.title.trim(),
            elapsed_ms: row.time.as_millis(),
            bytes_moved: row.moved,
            dirty_blocks_512k: row.dirty,
            detail: &row.detail,
        }
    }
}

/// The steps so far, in order.
#[derive(Debug, Default)]
pub(super) struct StepTable {
    rows: Vec<StepRow>,
}

impl StepTable {
    pub(super) fn push(&mut self, row: StepRow) {
        self.rows.push(row);
    }

    /// Completes the row of the last step.
    pub(super) fn last(&mut self, fill: impl FnOnce(&mut StepRow)) {
        if let Some(row) = self.rows.last_mut() {
            fill(row);
        }
    }

    /// Adds two rows that divide the last step.
    pub(super) fn split_last(&mut self, first: StepRow, second: StepRow) {
        self.rows.extend([first, second]);
    }

    pub(super) fn documents(&self) -> Vec<StepDocument<'_>> {
        self.rows.iter().map(StepDocument::from).collect()
    }

    pub(super) fn to_text(&self) -> String {
        let width = self.rows.iter().map(|row| row.title.chars().count()).max().unwrap_or(4).max(4);
        let mut lines = vec![format!(
            "\n{:width$}  {:>9}  {:>11}  {:>14}",
            "step", "time", "bytes moved", "512 KiB blocks"
        )];
        for row in &self.rows {
            let line = format!(
                "{:width$}  {:>7.2} s  {:>11}  {:>14}  {}",
                row.title,
                row.time.as_secs_f64(),
                row.moved.map(format_len).unwrap_or_default(),
                row.dirty.map(|blocks| blocks.to_string()).unwrap_or_default(),
                row.detail
            );
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n") + "\n"
    }
}

/// Counts the blocks of 512 KiB that differ between two disk images.
pub(super) fn differing_blocks(a: &Path, b: &Path) -> anyhow::Result<u64> {
    let (a, b) = (File::open(a)?, File::open(b)?);
    let size = a.metadata()?.len().max(b.metadata()?.len());
    let block_len = usize::try_from(SNAPSHOT_BLOCK_LEN)?;
    let (mut x, mut y) = (vec![0; block_len], vec![0; block_len]);
    let mut count = 0;
    let mut offset = 0;
    while offset < size {
        read_block(&a, &mut x, offset)?;
        read_block(&b, &mut y, offset)?;
        count += u64::from(x != y);
        offset += SNAPSHOT_BLOCK_LEN;
    }
    Ok(count)
}

/// Reads a block; bytes past the end of the file read as zeros.
fn read_block(file: &File, block: &mut [u8], offset: u64) -> std::io::Result<()> {
    let mut done = 0;
    while done < block.len() {
        match file.read_at(&mut block[done..], offset + done as u64)? {
            0 => break,
            len => done += len,
        }
    }
    block[done..].fill(0);
    Ok(())
}
