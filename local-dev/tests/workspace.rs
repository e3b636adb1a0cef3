//! The structure of the workspace: the allowed dependencies between crates, and the files of every crate.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

/// The part of `cargo metadata` that is read here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev` or `build`; none for a normal dependency.
    kind: Option<String>,
}

impl Package {
    fn normal_dependencies(&self) -> Vec<&str> {
        let normal = self.dependencies.iter().filter(|dependency| dependency.kind.is_none());
        normal.map(|dependency| dependency.name.as_str()).collect()
    }
}

/// The crates of the workspace.
fn workspace() -> Vec<Package> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]);
    let done = cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice::<Metadata>(&done.stdout).unwrap().packages
}

fn short(name: &str) -> &str {
    name.strip_prefix("ownchatbot-").unwrap_or(name)
}

/// The crates of this workspace that each crate may depend on outside its tests. `boot` assembles the
/// adapters, so functions get them through it or by name. Only `local` depends on functions, on the
/// simulator, and with `testkit` on the embedded database. No crate depends on `testkit`: it is for tests.
const ARROWS: [(&str, &[&str]); 20] = [
    ("domain", &[]),
    ("texts", &["domain"]),
    ("app", &["domain", "store", "texts"]),
    ("store", &["domain"]),
    ("owncast", &["app", "domain"]),
    ("schedules", &["app", "domain"]),
    ("web", &["app", "domain", "store", "texts"]),
    ("boot", &["app", "domain", "owncast", "schedules", "store"]),
    ("simulator", &[]),
    ("embedded", &[]),
    ("testkit", &["app", "domain", "embedded", "store", "texts"]),
    ("overlays", &["app", "boot", "domain", "store", "texts", "web"]),
    ("owncast-hook", &["app", "boot", "domain", "owncast", "store", "web"]),
    ("viewer-panel", &["app", "boot", "domain", "owncast", "store", "texts", "web"]),
    ("dispatch", &["app", "boot", "domain", "owncast", "store"]),
    ("points-tick", &["app", "boot", "domain", "owncast", "store"]),
    ("announcements", &["app", "boot", "domain", "owncast", "store"]),
    ("deadlines", &["app", "boot", "domain", "owncast", "store"]),
    ("watchdog", &["app", "boot", "domain", "owncast", "store"]),
    (
        "local",
        &[
            "announcements",
            "app",
            "boot",
            "deadlines",
            "dispatch",
            "domain",
            "embedded",
            "overlays",
            "owncast",
            "owncast-hook",
            "points-tick",
            "schedules",
            "simulator",
            "store",
            "texts",
            "viewer-panel",
            "watchdog",
            "web",
        ],
    ),
];

#[test]
fn dependencies_point_inwards() {
    let packages = workspace();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, arrows)| (*name, arrows.iter().copied().collect())).collect();
    assert_eq!(
        ours.iter().map(|name| short(name)).collect::<BTreeSet<_>>(),
        allowed.keys().copied().collect()
    );
    for package in &packages {
        let normal = package.normal_dependencies().into_iter();
        let used: BTreeSet<&str> = normal.filter(|name| ours.contains(name)).map(short).collect();
        let allowed = &allowed[short(&package.name)];
        assert!(used.is_subset(allowed), "{} uses {used:?}, and may use {allowed:?}", package.name);
    }
}

#[test]
fn domain_depends_only_on_small_value_crates() {
    let packages = workspace();
    let domain = packages.iter().find(|package| short(&package.name) == "domain").unwrap();
    assert_eq!(domain.normal_dependencies(), ["regex", "strsim", "thiserror"]);
}

#[test]
fn ring_is_the_only_provider_of_cryptography() {
    // With a second one rustls would not know which to use, and both would be in the zips.
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    let has = |name: &str| lock.contains(&format!("name = \"{name}\"\n"));
    assert!(has("ring"));
    assert_eq!(["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls"].map(has), [false; 4]);
}

#[test]
fn every_crate_has_a_readme_that_is_its_documentation() {
    for package in workspace() {
        let folder = package.manifest_path.parent().unwrap();
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        assert!(readme.starts_with(&format!("# {}: ", package.name)), "{}/README.md", folder.display());
        let root =
            ["src/lib.rs", "src/main.rs"].iter().find_map(|file| fs::read_to_string(folder.join(file)).ok());
        assert!(
            root.unwrap().starts_with("#![doc = include_str!(\"../README.md\")]"),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn lints_and_versions_come_from_the_workspace() {
    for package in workspace() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        let file = package.manifest_path.display();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{file}");
        for line in ["version.workspace = true", "edition.workspace = true", "license.workspace = true"] {
            assert!(manifest.contains(line), "{file}: {line}");
        }
        versions_come_from_the_root(&package, &manifest);
    }
}

fn versions_come_from_the_root(package: &Package, manifest: &str) {
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        } else if inside && line.contains('=') {
            assert!(line.contains("workspace = true"), "{}: {line}", package.manifest_path.display());
        }
    }
}
