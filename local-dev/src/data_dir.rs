//! The data folder: the database, the secrets, and a lock that ends with the process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::start_error::StartError;

/// The data folder. It is locked for this process as long as the value exists.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// The secrets of a data folder, which are created at its first start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The random part of the hook's URL.
    pub(crate) hook_token: String,
    /// The secret that the simulator signs its webhooks with.
    pub(crate) webhook_secret: String,
    /// The key for keyed hashes, sessions and form tokens. Folders of earlier versions have none.
    #[serde(default)]
    pub(crate) signing_key: String,
}

impl Secrets {
    /// New random secrets of 128 bits each.
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
    /// Opens and locks a folder, which is created if necessary. Other files in it are left alone.
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

    /// The absolute path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of the database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("ownchatbot.sqlite")
    }

    /// The path of the schedules' file.
    pub(crate) fn schedules(&self) -> PathBuf {
        self.path.join("schedules.json")
    }

    /// The secrets of this folder. Missing ones are created and saved.
    pub(crate) fn secrets(&self) -> Result<Secrets, StartError> {
        let path = self.path.join("secrets.json");
        let secrets = match fs::read(&path) {
            Ok(bytes) => {
                let stored: Secrets = serde_json::from_slice(&bytes)
                    .map_err(|source| StartError::Secrets { path: path.clone(), source })?;
                if !stored.signing_key.is_empty() {
                    return Ok(stored);
                }
                Secrets { signing_key: random()?, ..stored }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Secrets::new()?,
            Err(source) => return Err(StartError::Folder { path, source }),
        };
        self.save(&path, &secrets).map_err(|source| StartError::Folder { path, source })?;
        Ok(secrets)
    }

    /// Writes a temporary file and renames it, so that a crash leaves the old or the new file and never a
    /// part of one.
    fn save(&self, path: &Path, secrets: &Secrets) -> io::Result<()> {
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
    fn secrets_are_created_once_and_kept() {
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
    fn folder_of_an_earlier_version_gets_the_missing_key() {
        let folder = tempfile::tempdir().unwrap();
        let old = r#"{"hook_token":"0123456789abcdef","webhook_secret":"fedcba9876543210"}"#;
        fs::write(folder.path().join("secrets.json"), old).unwrap();
        let first = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        assert_eq!((&*first.hook_token, first.signing_key.len()), ("0123456789abcdef", 32));
        let again = DataDir::open(folder.path()).unwrap().secrets().unwrap();
        assert_eq!(first.signing_key, again.signing_key);
    }

    #[test]
    fn folder_is_locked_for_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let owner = DataDir::open(folder.path()).unwrap();
        assert!(matches!(DataDir::open(folder.path()), Err(StartError::InUse(_))));
        drop(owner);
        assert!(DataDir::open(folder.path()).is_ok());
    }

    #[test]
    fn path_that_is_not_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = DataDir::open(&file).unwrap_err();
        assert!(matches!(error, StartError::Folder { .. }));
        assert!(error.advice().contains("--data-dir"));
    }

    #[test]
    fn damaged_secrets_are_reported_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secrets.json"), "{").unwrap();
        let error = DataDir::open(folder.path()).unwrap().secrets().unwrap_err();
        assert!(error.advice().contains("secrets.json"));
    }
}
