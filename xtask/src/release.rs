//! `cargo xtask release`: what is handed out — an archive, its bill of materials, checksums and a
//! signature — made and checked the same way on any machine.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::bench::remove;
use crate::metadata::{self, Metadata};
use crate::options::Options;
use crate::repo::{self, Repo};
use crate::sbom::{self, PROGRAM};
use crate::third_party;

/// Names the file with the OpenSSH private key that signs.
const KEY: &str = "CELLSWEEP_SIGNING_KEY";
/// What the signature is for, and who signs: both are part of what is verified.
const NAMESPACE: &str = "cellsweep-release";
const SIGNER: &str = "releases@cellsweep";
const SHELLS: &[&str] = &["bash", "zsh", "fish"];
const DOCUMENTS: &[&str] = &["LICENSE", "NOTICE", "README.md", "CHANGELOG.md"];

struct Release {
    name: String,
    out: PathBuf,
    epoch: String,
    dry_run: bool,
}

/// Makes a release; a dry run signs with a key that is thrown away.
pub fn run(repo: &Repo, words: Vec<String>) -> Result<()> {
    let mut options = Options::new(words);
    let metadata = Metadata::load(repo)?;
    let out = folder(&metadata, options.value("--out")?)?;
    let binary = options.value("--binary")?.map(std::path::absolute).transpose()?;
    let release = Release {
        name: format!("{PROGRAM}-{}-{}", version(&metadata)?, metadata::host(repo)?),
        out,
        epoch: sbom::epoch(repo)?,
        dry_run: options.flag("--dry-run"),
    };
    options.finish()?;
    ensure!(release.dry_run || binary.is_none(), "--binary is for a dry run: a release builds its own");
    ensure!(release.dry_run || std::env::var_os(KEY).is_some(), "{KEY} names no key; --dry-run makes one");
    let binary = binary.map_or_else(|| build(repo, &metadata, &release.epoch), Ok)?;
    stage(repo, &metadata, &release, &binary)?;
    pack(repo, &release)?;
    std::fs::write(release.out.join(format!("{}.cdx.json", release.name)), sbom::render(repo, &release.epoch)?)?;
    sum(repo, &release)?;
    sign(repo, &release)?;
    verify(repo, &release)?;
    println!("released into {}", release.out.display());
    Ok(())
}

/// An empty folder: our own is cleared, somebody else's is not.
fn folder(metadata: &Metadata, asked: Option<String>) -> Result<PathBuf> {
    let Some(asked) = asked else {
        let own = metadata.target_directory.join("release-files");
        remove(&own)?;
        std::fs::create_dir_all(&own)?;
        return Ok(own);
    };
    let folder = std::path::absolute(asked)?;
    std::fs::create_dir_all(&folder)?;
    ensure!(std::fs::read_dir(&folder)?.next().is_none(), "{} is not empty", folder.display());
    Ok(folder)
}

fn version(metadata: &Metadata) -> Result<&str> {
    let program = metadata.members()?.into_iter().find(|member| member.name == PROGRAM);
    Ok(&program.context("no such member")?.version)
}

/// The small checker, which stands alone.
const VERIFIER: &str = "cellsweep-verify";
/// What beside the program is in the archive: the checker, and the cluster's machines.
const BESIDE: &[&str] = &[VERIFIER, "cellsweep-cluster"];

/// A build with no trace of this machine's folders in it, beside the ones that developers use.
fn build(repo: &Repo, metadata: &Metadata, epoch: &str) -> Result<PathBuf> {
    let target = metadata.target_directory.join("dist");
    let home = cargo_home()?;
    let flags = [(repo.root.as_path(), "/cellsweep"), (home.as_path(), "/cargo")];
    let rust: Vec<String> =
        flags.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect();
    let c: Vec<String> = flags.iter().map(|(from, to)| format!("-ffile-prefix-map={}={to}", from.display())).collect();
    let mut cargo = repo.cargo();
    cargo.args(["build", "--release", "--locked", "--package", PROGRAM, "--package", VERIFIER]);
    cargo.args(["--config", "profile.release.strip=\"symbols\"", "--config", "profile.release.debug=false"]);
    cargo.env("CARGO_TARGET_DIR", &target).env("SOURCE_DATE_EPOCH", epoch);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}")).env("CFLAGS", c.join(" "));
    repo::check(&mut cargo)?;
    Ok(target.join("release").join(PROGRAM))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    Ok(PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?).join(".cargo"))
}

/// Lays the archive's folder out.
fn stage(repo: &Repo, metadata: &Metadata, release: &Release, binary: &Path) -> Result<()> {
    let folder = release.out.join(&release.name);
    std::fs::create_dir_all(folder.join("man"))?;
    std::fs::create_dir_all(folder.join("completions"))?;
    let program = folder.join(PROGRAM);
    std::fs::copy(binary, &program).with_context(|| format!("copy {}", binary.display()))?;
    for name in BESIDE {
        let beside = binary.with_file_name(name);
        std::fs::copy(&beside, folder.join(name)).with_context(|| format!("copy {}", beside.display()))?;
    }
    for document in DOCUMENTS {
        std::fs::copy(repo.root.join(document), folder.join(document)).with_context(|| format!("copy {document}"))?;
    }
    std::fs::write(folder.join("THIRD-PARTY.txt"), third_party::render(metadata)?)?;
    repo::check(repo.command(&program).arg("man").arg(folder.join("man")).stdout(Stdio::null()))?;
    for shell in SHELLS {
        let script = repo::output(repo.command(&program).args(["completions", shell]))?;
        std::fs::write(folder.join("completions").join(format!("{PROGRAM}.{shell}")), script)?;
    }
    Ok(())
}

/// The same folder gives the same archive: names sorted, one time, nobody's user id.
fn pack(repo: &Repo, release: &Release) -> Result<()> {
    let mut tar = repo.command("tar");
    tar.current_dir(&release.out).env("GZIP", "").args(["--create", "--sort=name", "--format=ustar"]);
    tar.args(["--owner=0", "--group=0", "--numeric-owner", "--mode=u+rwX,go+rX,go-w"]);
    tar.arg(format!("--mtime=@{}", release.epoch)).args(["--use-compress-program", "gzip --no-name --best"]);
    tar.arg("--file").arg(archive(release)).arg(&release.name);
    repo::check(&mut tar)?;
    remove(&release.out.join(&release.name))
}

fn archive(release: &Release) -> String {
    format!("{}.tar.gz", release.name)
}

fn sum(repo: &Repo, release: &Release) -> Result<()> {
    let mut sha256sum = repo.command("sha256sum");
    sha256sum.current_dir(&release.out).arg(archive(release)).arg(format!("{}.cdx.json", release.name));
    let sums = repo::output(&mut sha256sum)?;
    print!("{sums}");
    std::fs::write(release.out.join("SHA256SUMS"), sums).context("write SHA256SUMS")
}

/// Signs the checksums, and leaves the public half beside them as `allowed_signers`.
fn sign(repo: &Repo, release: &Release) -> Result<()> {
    let scratch = release.out.join("throw-away");
    let key = match (release.dry_run, std::env::var_os(KEY)) {
        (false, Some(key)) => std::path::absolute(key)?,
        _ => {
            std::fs::create_dir(&scratch)?;
            let mut keygen = repo.command("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "dry run", "-f"]).arg(scratch.join("key"));
            repo::check(&mut keygen)?;
            scratch.join("key")
        }
    };
    let mut sign = repo.command("ssh-keygen");
    sign.current_dir(&release.out).args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(&key).arg("SHA256SUMS");
    repo::check(&mut sign)?;
    let public = repo::output(repo.command("ssh-keygen").arg("-y").arg("-f").arg(&key))?;
    let line = format!("{SIGNER} namespaces=\"{NAMESPACE}\" {}\n", public.trim());
    std::fs::write(release.out.join("allowed_signers"), line)?;
    remove(&scratch)
}

/// Does what the book tells a stranger to do.
fn verify(repo: &Repo, release: &Release) -> Result<()> {
    let sums = std::fs::File::open(release.out.join("SHA256SUMS"))?;
    let mut signature = repo.command("ssh-keygen");
    signature.current_dir(&release.out).args(["-Y", "verify", "-f", "allowed_signers", "-I", SIGNER]);
    repo::check(signature.args(["-n", NAMESPACE, "-s", "SHA256SUMS.sig"]).stdin(sums))?;
    repo::check(repo.command("sha256sum").current_dir(&release.out).args(["--check", "--quiet", "SHA256SUMS"]))?;
    let scratch = release.out.join("unpacked");
    std::fs::create_dir(&scratch)?;
    let archive = release.out.join(archive(release));
    repo::check(repo.command("tar").arg("--extract").arg("--directory").arg(&scratch).arg("--file").arg(archive))?;
    repo::check(repo.command(scratch.join(&release.name).join(PROGRAM)).arg("--version"))?;
    remove(&scratch)
}
