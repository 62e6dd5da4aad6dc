//! Makes the EFI system partition: a FAT with boot loaders where firmware looks for them. The same
//! inputs give the same bytes.

use std::io::{Cursor, Write as _};

use diskfs::partition::EFI_SYSTEM;
use fatfs::{
    Date, DateTime, FatType, FileSystem, FormatVolumeOptions, FsOptions, Time, TimeProvider,
    format_volume,
};
use store::boot::Loaders;

use super::Ids;
use super::files::redirect;

const SECTOR_LEN: u16 = 512;
const CLUSTER_LEN: u32 = 2048;

/// Text that precedes the name of the vendor's folder in a loader's bytes, as in `/EFI/debian`. The
/// loader looks in this folder for its configuration.
const VENDOR_MARK: &[u8] = b"/EFI/";
const VENDOR_LEN_MAX: usize = 16;

/// Programs to put onto the partition.
#[derive(Debug)]
pub(super) struct Contents {
    /// GRUB for UEFI: the binary that the image ships, or the one that its `grub-mkimage` made.
    pub grub: Vec<u8>,
    /// The shim that starts GRUB under Secure Boot. With `None`, the firmware starts GRUB directly.
    pub shim: Option<Vec<u8>>,
    /// The shim's key manager; `None` if the image ships none.
    pub mok: Option<Vec<u8>>,
}

/// Gives all files the earliest time that FAT can store, so that the bytes do not depend on the
/// clock.
#[derive(Debug)]
struct NoTime;

impl TimeProvider for NoTime {
    fn get_current_date(&self) -> Date {
        Date { year: 1980, month: 1, day: 1 }
    }

    fn get_current_date_time(&self) -> DateTime {
        let time = Time { hour: 0, min: 0, sec: 0, millis: 0 };
        DateTime { date: self.get_current_date(), time }
    }
}

/// Makes the bytes of the EFI system partition; the error says what does not fit.
pub(super) fn make(loaders: &Loaders, ids: &Ids, contents: &Contents) -> Result<Vec<u8>, String> {
    write(loaders, ids, contents)
        .map_err(|error| format!("its boot loaders do not fit the EFI system partition: {error}"))
}

fn write(loaders: &Loaders, ids: &Ids, contents: &Contents) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; (EFI_SYSTEM.end - EFI_SYSTEM.start) as usize];
    let sectors = bytes.len() / usize::from(SECTOR_LEN);
    let options = FormatVolumeOptions::new()
        .fat_type(FatType::Fat16)
        .bytes_per_sector(SECTOR_LEN)
        .bytes_per_cluster(CLUSTER_LEN)
        .total_sectors(u32::try_from(sectors).unwrap_or(u32::MAX))
        .volume_id(ids.esp)
        .volume_label(*b"EFI        ");
    format_volume(Cursor::new(&mut bytes[..]), options)?;
    let options = FsOptions::new().time_provider(&NoTime).update_accessed_date(false);
    let fat = FileSystem::new(Cursor::new(&mut bytes[..]), options)?;
    {
        let suffix = loaders.arch.efi_suffix();
        let efi = fat.root_dir().create_dir("EFI")?;
        let boot = efi.create_dir("BOOT")?;
        let put = |name: &str, content: &[u8]| boot.create_file(name)?.write_all(content);
        let first = format!("BOOT{}.EFI", suffix.to_uppercase());
        match &contents.shim {
            Some(shim) => {
                put(&first, shim)?;
                put(&format!("grub{suffix}.efi"), &contents.grub)?;
            }
            None => put(&first, &contents.grub)?,
        }
        if let Some(mok) = &contents.mok {
            put(&format!("mm{suffix}.efi"), mok)?;
        }
        let config = redirect(loaders.prefix, ids);
        put("grub.cfg", config.as_bytes())?;
        if let Some(vendor) = vendor(&contents.grub) {
            efi.create_dir(&vendor)?.create_file("grub.cfg")?.write_all(config.as_bytes())?;
        }
    }
    fat.unmount()?;
    Ok(bytes)
}

/// Returns the folder in which a loader looks for its configuration; `None` if the loader names no
/// folder.
fn vendor(grub: &[u8]) -> Option<String> {
    let names = grub.windows(VENDOR_MARK.len()).enumerate().filter(|(_, w)| *w == VENDOR_MARK);
    let mut names = names.filter_map(|(at, _)| {
        let rest = &grub[at + VENDOR_MARK.len()..];
        let name: Vec<u8> = rest
            .iter()
            .copied()
            .take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-')
            .take(VENDOR_LEN_MAX)
            .collect();
        (!name.is_empty() && rest.get(name.len()) == Some(&0))
            .then(|| String::from_utf8(name).ok())
            .flatten()
    });
    names.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_are_found_in_their_loaders() {
        assert_eq!(vendor(b"MZ..(memdisk)/EFI/debian\0rest").as_deref(), Some("debian"));
        assert_eq!(vendor(b"/EFI/BOOT/x\0 /EFI/../etc\0"), None);
    }
}
