//! Cuts a list of files, or of objects to fetch, into tasks for threads. Neighbours in the list stay together.

/// Limits of a task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskLimits {
    /// Length in bytes of the files' data; a longer file is a task of its own.
    pub bytes: u64,
    /// Number of files.
    pub count: usize,
}

/// Cuts `files` into tasks; `len_of` gives the length in bytes of a file's data.
pub(crate) fn cut<T>(files: &[T], limits: TaskLimits, len_of: impl Fn(&T) -> u64) -> Vec<&[T]> {
    let mut tasks = Vec::new();
    let (mut begin, mut bytes) = (0, 0);
    for (index, file) in files.iter().enumerate() {
        let len = len_of(file);
        if index > begin && (bytes + len > limits.bytes || index - begin >= limits.count) {
            tasks.push(&files[begin..index]);
            (begin, bytes) = (index, 0);
        }
        bytes += len;
    }
    if begin < files.len() {
        tasks.push(&files[begin..]);
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_keep_their_limits_and_every_file() {
        let limits = TaskLimits { bytes: 10, count: 3 };
        let cut_lens = |lens: &[u64]| -> Vec<Vec<u64>> {
            cut(lens, limits, |len| *len).into_iter().map(<[u64]>::to_vec).collect()
        };
        assert_eq!(cut_lens(&[]), [] as [Vec<u64>; 0]);
        assert_eq!(cut_lens(&[6, 4, 1]), [vec![6, 4], vec![1]]);
        assert_eq!(cut_lens(&[1, 99, 1]), [vec![1], vec![99], vec![1]]);
        assert_eq!(cut_lens(&[0, 0, 0, 0]), [vec![0, 0, 0], vec![0]]);
    }
}
