//! Each layer in a process of its own: this test binary once more, running [`attempt`] alone.
#![expect(clippy::expect_used, reason = "helpers fail the test that calls them")]

use std::fs::File;
use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

use seccompiler::TargetArch;

use super::*;

const LAYER: &str = "GROUNDLINE_TEST_LAYER";
const ACT: &str = "GROUNDLINE_TEST_ACT";

/// How a system call off the list ends a process: SIGSYS.
const BAD_CALL: i32 = 31;

const DONE: i32 = 40;
const REFUSED: i32 = 41;

/// Does nothing in an ordinary run; called by [`run`], puts one layer on and tries one act.
#[test]
fn attempt() {
    let (Ok(layer), Ok(act)) = (std::env::var(LAYER), std::env::var(ACT)) else { return };
    let in_force = match layer.as_str() {
        "none" => true,
        "landlock" => platform::deny_files().is_some(),
        "descriptors" => limit_descriptors().is_ok(),
        "system calls" => platform::deny_system_calls(),
        _ => {
            let confinement = confine(None).expect("limits can be set");
            writeln!(std::io::stdout(), "{confinement}").expect("written");
            confinement.system_calls && confinement.dies_with_parent
        }
    };
    // To the real standard output, before the act, which may be the last.
    writeln!(std::io::stdout(), "in force: {in_force}").expect("written");
    let done = match act.split_once(' ') {
        Some(("open", path)) => File::open(path).map(drop),
        Some(("create", path)) => File::create(path).map(drop),
        Some(("connect", address)) => TcpStream::connect(address).map(drop),
        Some(("datagram", address)) => UdpSocket::bind("127.0.0.1:0").and_then(|s| s.send_to(b"x", address)).map(drop),
        Some(("run", program)) => Command::new(program).spawn().and_then(|mut child| child.wait()).map(drop),
        _ => compute(),
    };
    // At once: what the test harness does after a test is not what a reader does.
    std::process::exit(if done.is_ok() { DONE } else { REFUSED });
}

/// What a reader does all day: memory small and large, clocks, randomness, panics that are caught.
fn compute() -> std::io::Result<()> {
    let map: std::collections::HashMap<usize, Vec<u8>> = (0..1_000).map(|n| (n, vec![1; n * 100])).collect();
    let start = std::time::Instant::now();
    let mut grown = Vec::new();
    for round in 0..200_000_usize {
        grown.push(round);
    }
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| panic!("on purpose"));
    let right = map.len() == 1_000 && grown.len() == 200_000 && caught.is_err() && start.elapsed().as_secs() < 60;
    if right { Ok(()) } else { Err(std::io::Error::other("computing went wrong")) }
}

fn run(layer: &str, act: &str) -> Output {
    Command::new(std::env::current_exe().expect("a path"))
        .args(["document::confine::tests::attempt", "--exact", "--nocapture", "--test-threads=1"])
        .env(LAYER, layer)
        .env(ACT, act)
        .output()
        .expect("starts")
}

/// `expected`: `done`, `refused`, or `ended` by the system for the call itself.
fn check(layer: &str, act: &str, expected: &str) {
    let output = run(layer, act);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("in force: true"), "{layer}, {act}: {told} {:?}", output.status);
    let outcome = match (output.status.code(), output.status.signal()) {
        (Some(DONE), _) => "done",
        (Some(REFUSED), _) => "refused",
        (_, Some(BAD_CALL)) => "ended",
        _ => "neither",
    };
    assert_eq!(outcome, expected, "{layer}, {act}: {told} {:?}", output.status);
}

#[test]
fn a_confined_process_reaches_no_file_no_network_and_no_program() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("an address");
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = folder.path().join("fresh").display().to_string();
    let acts = [
        "open /etc/passwd".to_owned(),
        format!("create {fresh}"),
        format!("connect {address}"),
        format!("datagram {address}"),
        "run /bin/true".to_owned(),
    ];
    let landlock = landlock_here();
    if has_no_list() {
        return;
    }
    for act in &acts {
        // Without a layer it works, so what is refused below is refused by the layer.
        check("none", act, "done");
        check("system calls", act, "ended");
        check("all", act, "ended");
    }
    for act in [&acts[0], &acts[1], &acts[2], &acts[3]] {
        check("descriptors", act, "refused");
    }
    if landlock >= 1 {
        check("landlock", &acts[0], "refused");
        check("landlock", &acts[4], "refused");
    }
    if landlock >= 4 {
        check("landlock", &acts[2], "refused");
    }
}

/// The edition that this machine has, learnt in a thread of its own; that there is none is said.
fn landlock_here() -> u8 {
    let edition = std::thread::spawn(platform::deny_files).join().expect("no panic").unwrap_or_default();
    if edition == 0 {
        absent("Landlock");
    }
    edition
}

/// Whether this machine cannot hold a process to a list of system calls, which is said.
fn has_no_list() -> bool {
    let missing = !String::from_utf8_lossy(&run("system calls", "compute").stdout).contains("in force: true");
    if missing {
        absent("seccomp");
    }
    missing
}

#[expect(clippy::print_stdout, reason = "absence is said, not hidden")]
fn absent(layer: &str) {
    println!("absent: {layer}; what it forbids was not tried");
}

#[test]
fn all_layers_together_are_those_that_each_gives() {
    let told = String::from_utf8_lossy(&run("all", "compute").stdout).into_owned();
    let edition = landlock_here();
    let expected = if edition > 0 { format!("Landlock (edition {edition})") } else { "no Landlock".to_owned() };
    assert!(told.contains(&expected), "{told}");
}

#[test]
fn a_confined_process_can_compute() {
    check("none", "compute", "done");
    check("descriptors", "compute", "done");
    if landlock_here() > 0 {
        check("landlock", "compute", "done");
    }
    if !has_no_list() {
        check("system calls", "compute", "done");
        check("all", "compute", "done");
    }
}

#[test]
fn the_list_is_known_for_each_processor() {
    for arch in [TargetArch::x86_64, TargetArch::aarch64] {
        assert!(platform::filter(arch).is_ok_and(|program| program.len() > 20), "{arch:?}");
    }
}

#[test]
fn memory_to_be_run_is_not_given() {
    // The filter itself: a rule on the third argument stands before either call is allowed.
    let program = platform::filter(TargetArch::x86_64).expect("compiles");
    let masked = program.iter().filter(|step| u64::from(step.k) == libc::PROT_EXEC as u64 && step.code & 0x07 == 0x04);
    assert_eq!(masked.count(), 2, "one mask for mmap, one for mprotect");
}

#[test]
fn what_is_missing_is_said() {
    let full = Confinement { landlock: Some(7), system_calls: true, dies_with_parent: true };
    for (confinement, full, words) in [
        (full, true, "descriptors, Landlock (edition 7), system calls on a list, ends with its parent"),
        (Confinement { landlock: None, ..full }, false, "no Landlock"),
        (Confinement { system_calls: false, ..full }, false, "any system call"),
        (Confinement { dies_with_parent: false, ..full }, false, "outlives its parent"),
    ] {
        assert_eq!(confinement.is_full(), full);
        assert!(confinement.to_string().contains(words), "{confinement}");
    }
}
