//! Takes from a reader child everything that reading does not need: memory and time without end, files, network, other
//! processes.
//!
//! Each layer stands alone, so that a system without one keeps the others: limits on resources (any Unix), no new
//! descriptors (any Unix), Landlock and a list of allowed system calls (Linux). What is in force is reported, never
//! assumed. Left out on purpose: namespaces, which need privileges that a service should not have.

use std::fmt;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

/// Bytes of address space that a child may have.
pub(super) const MEMORY: u64 = 512 << 20;
/// Seconds of processor time that a child may use; less than the time that the parent waits.
pub(super) const CPU_SECONDS: u64 = 20;

/// What keeps a reader child from doing anything but reading, beside the limits that are always in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Edition of Landlock's rules: no file can be opened or run, and from edition 4 on no TCP connection be made.
    pub landlock: Option<u8>,
    /// Whether a system call that is not on the list ends the child.
    pub system_calls: bool,
    /// Whether the child dies with its parent.
    pub dies_with_parent: bool,
}

impl Confinement {
    /// Whether every layer that the program knows is in force.
    pub fn is_full(self) -> bool {
        self.landlock.is_some() && self.system_calls && self.dies_with_parent
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("limits on memory, time and descriptors")?;
        match self.landlock {
            Some(edition) => write!(f, ", Landlock (edition {edition})")?,
            None => f.write_str(", no Landlock")?,
        }
        f.write_str(if self.system_calls { ", system calls on a list" } else { ", any system call" })?;
        f.write_str(if self.dies_with_parent { ", ends with its parent" } else { ", outlives its parent" })
    }
}

/// Confines this process for good; `parent` is the process that must be alive for it to go on.
///
/// Called before the first byte of the file is read. What is open stays open: a child has its two pipes and no more.
///
/// # Errors
/// Whatever the system says when a limit cannot be set, or that the parent is gone.
pub(super) fn confine(parent: Option<u32>) -> std::io::Result<Confinement> {
    let dies_with_parent = platform::die_with(parent)?;
    limit_costs()?;
    let landlock = platform::deny_files();
    // After Landlock, which opens a descriptor of its own.
    limit_descriptors()?;
    let system_calls = platform::deny_system_calls();
    Ok(Confinement { landlock, system_calls, dies_with_parent })
}

fn limit_costs() -> std::io::Result<()> {
    limit(Resource::As, MEMORY, MEMORY)?;
    // The softer signal first: it says that time was the reason, which a plain kill would not.
    limit(Resource::Cpu, CPU_SECONDS, CPU_SECONDS + 1)?;
    limit(Resource::Core, 0, 0)?;
    limit(Resource::Fsize, 0, 0)
}

/// From now on no file, socket or process can be added to those that are there.
fn limit_descriptors() -> std::io::Result<()> {
    limit(Resource::Nofile, 0, 0)?;
    limit(Resource::Nproc, 0, 0)
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, soft: u64, hard: u64) -> std::io::Result<()> {
    let hard = getrlimit(resource).maximum.map_or(hard, |most| most.min(hard));
    Ok(setrlimit(resource, Rlimit { current: Some(soft.min(hard)), maximum: Some(hard) })?)
}

#[cfg(target_os = "linux")]
mod platform {
    use std::collections::BTreeMap;
    use std::io;

    use landlock::{ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetStatus, Scope};
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        TargetArch,
    };

    /// Asks the system to end this process with its parent; a parent that is gone already is an error.
    pub(super) fn die_with(parent: Option<u32>) -> io::Result<bool> {
        let asked = set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
        let actual = getppid().map(Pid::as_raw_nonzero).and_then(|pid| u32::try_from(pid.get()).ok());
        match parent {
            Some(_) if parent != actual => Err(io::Error::other("the parent is gone")),
            _ => Ok(asked),
        }
    }

    /// Handles every right that Landlock knows and grants none. Returns the edition that is in force.
    pub(super) fn deny_files() -> Option<u8> {
        let newest = ABI::V9;
        let rules = Ruleset::default().handle_access(AccessFs::from_all(newest)).ok()?;
        let rules = rules.handle_access(AccessNet::from_all(newest)).ok()?.scope(Scope::from_all(newest)).ok()?;
        let status = rules.create().ok()?.restrict_self().ok()?;
        match (status.ruleset, status.landlock) {
            (RulesetStatus::NotEnforced, _) => None,
            (_, LandlockStatus::Available { effective_abi, .. }) => u8::try_from(effective_abi as i32).ok(),
            _ => None,
        }
    }

    /// What a process needs that reads one pipe, computes, writes another pipe, and ends (or aborts).
    const ALLOWED: &[libc::c_long] = &[
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_close,
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_tgkill,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    /// Those that give memory a protection, with the argument that says which: memory to be run is never asked for.
    const MEMORY_PROTECTED: &[(libc::c_long, u8)] = &[(libc::SYS_mmap, 2), (libc::SYS_mprotect, 2)];

    /// Installs the list: any other system call ends the process. Returns whether it is in force.
    pub(super) fn deny_system_calls() -> bool {
        let Ok(arch) = TargetArch::try_from(std::env::consts::ARCH) else { return false };
        filter(arch).is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
    }

    pub(super) fn filter(arch: TargetArch) -> Result<BpfProgram, seccompiler::BackendError> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
        for (call, argument) in MEMORY_PROTECTED {
            let executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
            let none = SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, executable, 0)?;
            rules.insert(*call, vec![SeccompRule::new(vec![none])?]);
        }
        SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, arch)?.try_into()
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub(super) fn die_with(_: Option<u32>) -> std::io::Result<bool> {
        Ok(false)
    }

    pub(super) fn deny_files() -> Option<u8> {
        None
    }

    pub(super) fn deny_system_calls() -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
