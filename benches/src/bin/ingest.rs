//! `ingest STORE STREAM/LEAF TREE`: puts a tree into a store, without a server, for benchmarks.
#![forbid(unsafe_code)]

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [store, name, tree] = &words[..] else {
        anyhow::bail!("usage: ingest STORE STREAM/LEAF TREE");
    };
    benches::ingest(store.as_ref(), tree.as_ref(), name)
}
