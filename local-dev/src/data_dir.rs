//! The data folder: the database, the secrets, and a lock that dies with the process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::start_error::StartError;

/// The data folder, ours as long as this lives.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Secrets that are made once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The random part of the hook's address.
    pub(crate) hook_token: String,
    /// What the simulator signs with.
    pub(crate) webhook_secret: String,
    /// Key of keyed hashes, sessions and form tokens. Folders of earlier versions have none.
    #[serde(default)]
    pub(crate) signing_key: String,
}

impl Secrets {
    /// New ones, of 128 bits each.
    pub(crate) fn new() -> Result<Self, StartError> {
        Ok(Self { hook_token: random()?, webhook_secret: random()?, signing_key: random()? })
    }
}

fn random() -> Result<String, StartError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

impl DataDir {
    /// Opens a folder, and makes it if it is not there. Whatever else lies in it is left alone.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let unusable = |source| StartError::Folder { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(unusable)?;
        let path = path.canonicalize().map_err(unusable)?;
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(path.join("ownchatbot.lock"));
        let lock = lock.map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(path)),
            Err(TryLockError::Error(source)) => Err(StartError::Folder { path, source }),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("ownchatbot.sqlite")
    }

    /// The file of the schedules.
    pub(crate) fn schedules(&self) -> PathBuf {
        self.path.join("schedules.json")
    }

    /// The secrets of this folder, each made the first time.
    pub(crate) fn secrets(&self) -> Result<Secrets, StartError> {
        let path = self.path.join("secrets.json");
        let secrets = match fs::read(&path) {
            Ok(bytes) => {
                let known: Secrets = serde_json::from_slice(&bytes)
                    .map_err(|source| StartError::Secrets { path: path.clone(), source })?;
                if !known.signing_key.is_empty() {
                    return Ok(known);
                }
                Secrets { signing_key: random()?, ..known }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Secrets::new()?,
            Err(source) => return Err(StartError::Folder { path, source }),
        };
        self.keep(&path, &secrets).map_err(|source| StartError::Folder { path, source })?;
        Ok(secrets)
    }

    /// Written beside and moved into place, so that a crash leaves no half of it.
    fn keep(&self, path: &Path, secrets: &Secrets) -> io::Result<()> {
        let draft = self.path.join("secrets.json.new");
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(secrets)?)?;
        file.sync_all()?;
        fs::rename(draft, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("holiday.jpg"), "not ours").unwrap();
        let first = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        let again = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        assert_eq!(first.hook_token, again.hook_token);
        assert_eq!(first.signing_key, again.signing_key);
        assert_ne!(first.hook_token, first.webhook_secret);
        assert_eq!(fs::read_to_string(folder.path().join("holiday.jpg")).unwrap(), "not ours");
    }

    #[test]
    fn a_folder_of_an_earlier_version_gets_what_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let old = r#"{"hook_token":"0123456789abcdef","webhook_secret":"fedcba9876543210"}"#;
        fs::write(folder.path().join("secrets.json"), old).unwrap();
        let first = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        assert_eq!((&*first.hook_token, first.signing_key.len()), ("0123456789abcdef", 32));
        let again = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        assert_eq!(first.signing_key, again.signing_key);
    }

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let owner = DataDir::open(folder.path()).unwrap();
        assert!(matches!(DataDir::open(folder.path()), Err(StartError::InUse(_))));
        drop(owner);
        assert!(DataDir::open(folder.path()).is_ok());
    }

    #[test]
    fn what_is_no_folder_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = DataDir::open(&file).unwrap_err();
        assert!(matches!(error, StartError::Folder { .. }));
        assert!(error.advice().contains("--data-dir"));
    }

    #[test]
    fn damaged_secrets_are_not_replaced_silently() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secrets.json"), "{").unwrap();
        let error = DataDir::open(folder.path()).unwrap().secrets().unwrap_err();
        assert!(error.advice().contains("secrets.json"));
    }
}
