//! `publish-cli image list`: a table of images, with columns and an order that the user chooses.

use rpc::exit;
use wire::document::ImageDocument;
use wire::proto::ImageRecord;
use wire::text_table::TableWidths;

use crate::context::Context;
use crate::document::ImagesDocument;
use crate::image_column::ImageColumn;

pub(super) fn run(
    context: &Context,
    stream: Option<String>,
    columns: &[ImageColumn],
    sort: ImageColumn,
    no_header: bool,
) -> anyhow::Result<u8> {
    let server = context.imaged()?;
    let stream = stream.unwrap_or_default();
    let mut table = PagedTable { columns, widths: TableWidths::default(), has_header: !no_header };
    let mut images = Vec::new();
    let mut is_first = true;
    context.client()?.list_images(&server, &stream, |page| {
        // The server sorts by name, so that each page can be shown as it comes.
        if context.output.is_text() && sort == ImageColumn::Name {
            if is_first || !page.is_empty() {
                context.output.text(&table.lines(&page))?;
            }
            is_first = false;
        } else {
            images.extend(page);
        }
        anyhow::Ok(())
    })?;
    if is_first {
        sort.sort(&mut images);
        let document = ImagesDocument { images: images.iter().map(ImageDocument::from).collect() };
        context.output.document(&document, || table.lines(&images))?;
    }
    Ok(exit::DONE)
}

/// A table of images that is shown in parts.
struct PagedTable<'a> {
    columns: &'a [ImageColumn],
    widths: TableWidths,
    /// Whether the next part begins with the header.
    has_header: bool,
}

impl PagedTable<'_> {
    fn lines(&mut self, images: &[ImageRecord]) -> String {
        let head = self.columns.iter().map(|column| column.head().to_owned()).collect();
        let cells = |it: &ImageRecord| self.columns.iter().map(|column| column.cell(it)).collect();
        let rows: Vec<_> = std::iter::once(head).chain(images.iter().map(cells)).collect();
        let text = self.widths.table(&rows);
        match std::mem::replace(&mut self.has_header, false) {
            true => text,
            false => text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned()),
        }
    }
}
