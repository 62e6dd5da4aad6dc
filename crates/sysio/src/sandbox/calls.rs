//! The filter of system calls for a sandboxed program. It refuses calls that create namespaces, because the program
//! would be root in them. It also refuses calls into large parts of the kernel that a tool does not need to produce a
//! file.

use std::io;

use libc::{c_int, c_long};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Calls that fail with `ENOSYS`, as if the kernel did not know them.
const ABSENT: &[c_long] = &[
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    // The flags of clone3 are in memory, where a filter cannot see them. Libraries fall back to clone.
    libc::SYS_clone3,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// Flags of clone that give the new process its own namespaces.
const NAMESPACES: [c_int; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// Builds the filter. The filter kills a program of another architecture at the program's first call.
pub(super) fn filter() -> io::Result<BpfProgram> {
    let with_flag = |flag: c_int| {
        let flag = u64::from(flag.cast_unsigned());
        let is_set = SeccompCmpOp::MaskedEq(flag);
        SeccompRule::new(vec![SeccompCondition::new(0, SeccompCmpArgLen::Qword, is_set, flag)?])
    };
    let with_flags: Result<Vec<_>, _> = NAMESPACES.into_iter().map(with_flag).collect();
    let mut rules: std::collections::BTreeMap<c_long, Vec<SeccompRule>> =
        ABSENT.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_clone, with_flags.map_err(io::Error::other)?);
    let absent = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let arch = std::env::consts::ARCH.try_into().map_err(io::Error::other)?;
    SeccompFilter::new(rules, SeccompAction::Allow, absent, arch)
        .and_then(TryInto::try_into)
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_one_that_the_kernel_takes() {
        let filter = filter().unwrap();
        // This runs in a separate thread, because the filter stays on its thread until the thread ends.
        let outcome = std::thread::spawn(move || {
            seccompiler::apply_filter(&filter).unwrap();
            // Without any flag, the call does nothing and needs no privilege, so only the filter can refuse it.
            let none = rustix::thread::UnshareFlags::empty();
            // SAFETY: nothing is unshared.
            #[allow(unsafe_code, reason = "nothing is unshared")]
            let refused = unsafe { rustix::thread::unshare_unsafe(none) };
            (refused, std::thread::spawn(|| 7).join().unwrap())
        });
        assert_eq!(outcome.join().unwrap(), (Err(rustix::io::Errno::NOSYS), 7));
    }
}
