//! Rows as codes that wait in a temporary file until their weights are known.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use verschil_stats::grams::Batch;

/// Batches, each with a code for every row. The file has no name and goes with the process, however
/// that ends.
pub(crate) struct Spool {
    file: BufWriter<File>,
    batches: usize,
}

impl Spool {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(folder)?), batches: 0 })
    }

    pub(crate) fn push(&mut self, batch: &Batch, codes: &[u32]) -> io::Result<()> {
        let bytes = postcard::to_stdvec(&(batch, codes)).map_err(io::Error::other)?;
        self.file.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.file.write_all(&bytes)?;
        self.batches += 1;
        Ok(())
    }

    /// Calls `take` with every batch and its codes, in their order.
    pub(crate) fn each(self, mut take: impl FnMut(Batch, Vec<u32>)) -> io::Result<()> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut file = BufReader::new(file);
        for _ in 0..self.batches {
            let mut length = [0; 8];
            file.read_exact(&mut length)?;
            let length = usize::try_from(u64::from_le_bytes(length)).map_err(io::Error::other)?;
            let mut bytes = vec![0; length];
            file.read_exact(&mut bytes)?;
            let (batch, codes) = postcard::from_bytes(&bytes).map_err(io::Error::other)?;
            take(batch, codes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spooled_comes_back_in_its_order() {
        let folder = tempfile::TempDir::new().expect("folder");
        let mut spool = Spool::new(folder.path()).expect("file");
        let batch = |region: u32| Batch {
            region: vec![region, 7],
            period: vec![0, 1],
            codes: vec![3, 4],
            numerics: vec![0.1, f64::MIN_POSITIVE],
            missing: vec![u128::MAX, 0],
            ones: vec![0, 1 << 100],
            values: vec![-1e300],
            weights: vec![],
        };
        for region in 0..3 {
            spool.push(&batch(region), &[region, u32::MAX]).expect("written");
        }
        let mut regions = Vec::new();
        let read = spool.each(|found, codes| {
            assert_eq!(format!("{found:?}"), format!("{:?}", batch(codes[0])));
            regions.push(codes);
        });
        read.expect("read");
        assert_eq!(regions, [[0, u32::MAX], [1, u32::MAX], [2, u32::MAX]]);
    }
}
