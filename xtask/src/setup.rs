//! What the gates need on a machine that has no more than Rust: installed where that is possible,
//! else named with what to do.

use anyhow::{Context, Result, bail};

use crate::repo::{self, Repo};

/// Makes the machine ready for the gates.
pub fn run(repo: &Repo) -> Result<()> {
    component(repo, "rustfmt", &["fmt", "--version"])?;
    component(repo, "clippy", &["clippy", "--version"])?;
    nextest(repo)?;
    TOOLS.iter().try_for_each(|each| tool(repo, each))
}

fn component(repo: &Repo, name: &str, probe: &[&str]) -> Result<()> {
    if repo::succeeds(repo.cargo().args(probe)) {
        println!("  {name}: there");
        return Ok(());
    }
    println!("  {name}: missing, adding it to the toolchain");
    repo::check(repo.command("rustup").args(["component", "add", name])).with_context(|| {
        format!("{name} is missing and rustup could not add it: install it as your Rust was installed")
    })
}

fn nextest(repo: &Repo) -> Result<()> {
    if repo::succeeds(repo.cargo().args(["nextest", "--version"])) {
        println!("  cargo-nextest: there");
        return Ok(());
    }
    println!("  cargo-nextest: missing, building it (some minutes, once)");
    let mut cargo = repo.cargo();
    // Away from the project's own target folder, whose settings are not its.
    cargo.args(["install", "--locked", "cargo-nextest"]).env_remove("CARGO_TARGET_DIR").current_dir("/");
    repo::check(&mut cargo).context("install cargo-nextest by hand: `cargo install --locked cargo-nextest`")
}

/// A program that tests or gates run, and the Debian packages that bring it.
struct Tool {
    name: &'static str,
    there: fn(&Repo) -> bool,
    packages: &'static [&'static str],
    needed: &'static str,
}

/// Python makes virtual environments with packages that tests measure against (`lir`, `pymerkle`, `differences`); Go and
/// OpenSSL check the log and its time stamps from outside.
const TOOLS: [Tool; 7] = [
    Tool {
        name: "python",
        there: has_python,
        packages: &["python3", "python3-venv"],
        needed: "Python 3.11 or later with venv is needed as `python3`",
    },
    Tool {
        name: "go",
        there: has_go,
        packages: &["golang-go", "golang-golang-x-mod-dev"],
        needed: "Go is needed, with golang.org/x/mod in /usr/share/gocode",
    },
    Tool {
        name: "postgresql",
        there: has_postgresql,
        packages: &["postgresql"],
        needed: "PostgreSQL 15 or later is needed, with initdb and pg_ctl",
    },
    Tool { name: "poppler", there: has_poppler, packages: &["poppler-utils"], needed: "poppler's pdftotext is needed" },
    Tool {
        name: "node",
        there: has_node,
        packages: &["nodejs", "npm"],
        needed: "Node 20 or later is needed, with npm",
    },
    Tool { name: "chromium", there: has_chromium, packages: &["chromium"], needed: "Chromium is needed" },
    Tool { name: "openssl", there: has_openssl, packages: &["openssl"], needed: "OpenSSL's program is needed" },
];

fn tool(repo: &Repo, tool: &Tool) -> Result<()> {
    let Tool { name, there, packages, needed } = tool;
    if there(repo) {
        println!("  {name}: there");
        return Ok(());
    }
    let needed = format!("{needed}: install it as your system does (Debian: `apt-get install {}`)", packages.join(" "));
    if !is_root(repo) {
        bail!("{needed}");
    }
    println!("  {name}: missing, or not as it must be; asking apt for it");
    let apt = |words: &[&str]| repo::check(repo.command("apt-get").args(words)).with_context(|| needed.clone());
    apt(&["update", "--quiet"])?;
    apt(&[["install", "--quiet", "--yes", "--no-install-recommends"].as_slice(), packages].concat())?;
    if there(repo) { Ok(()) } else { bail!("{needed}") }
}

fn has_python(repo: &Repo) -> bool {
    let probe = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    repo::succeeds(repo.command("python3").args(["-c", probe]))
}

fn has_go(repo: &Repo) -> bool {
    let library = std::path::Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
    library.is_dir() && repo::succeeds(repo.command("go").arg("version"))
}

/// Debian keeps the server's programs out of the path.
fn has_postgresql(repo: &Repo) -> bool {
    let debian = std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| versions.next().is_some());
    debian || repo::succeeds(repo.command("pg_ctl").arg("--version"))
}

fn has_poppler(repo: &Repo) -> bool {
    repo::succeeds(repo.command("pdftotext").arg("-v"))
}

fn has_node(repo: &Repo) -> bool {
    let probe = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";
    repo::succeeds(repo.command("node").args(["-e", probe])) && repo::succeeds(repo.command("npm").arg("--version"))
}

fn has_chromium(repo: &Repo) -> bool {
    repo::succeeds(repo.command("chromium").arg("--version"))
}

fn has_openssl(repo: &Repo) -> bool {
    repo::succeeds(repo.command("openssl").arg("version"))
}

fn is_root(repo: &Repo) -> bool {
    repo::output(repo.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
