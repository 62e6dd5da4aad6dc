//! `publish-cli image list`: a table of images, with columns and an order that the user chooses.

use rpc::exit;
use wire::document::ImageDocument;
use wire::proto::ListImagesRequest;
use wire::text_table::text_table;

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
    let request =
        ListImagesRequest { stream: stream.unwrap_or_default(), ..ListImagesRequest::default() };
    let mut images = context.call(&server, server.images().list_images(request))?.images;
    sort.sort(&mut images);
    let document = ImagesDocument { images: images.iter().map(ImageDocument::from).collect() };
    context.output.document(&document, || {
        let head = columns.iter().map(|column| column.head().to_owned()).collect();
        let rows = images.iter().map(|it| columns.iter().map(|column| column.cell(it)).collect());
        let table = text_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
        match no_header {
            true => table.lines().skip(1).collect::<Vec<_>>().join("\n"),
            false => table,
        }
    })?;
    Ok(exit::DONE)
}
