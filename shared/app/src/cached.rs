//! What a warm process remembers of what it has read: for how long, and what it does while reading fails.

use std::sync::{Arc, Mutex, PoisonError};

use ownchatbot_domain::{Span, Timestamp};

use crate::ports::Clock;

/// Whether `at` is less than `span` before `now`. What lies ahead of `now` is not: a clock that was set back must not keep
/// anything alive.
#[must_use]
pub fn is_within(span: Span, at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < span
}

/// A value that was read, which is read again when it is older than its time to live.
#[derive(Debug)]
pub struct Cached<T> {
    fresh: Span,
    stale: Span,
    rest: Span,
    memory: Mutex<Memory<T>>,
    /// Held by the caller that reads, on behalf of all that wait.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Memory<T> {
    /// The newest value, with the moment from which its age counts.
    value: Option<(Timestamp, Arc<T>)>,
    /// When reading failed, unless a later try did not.
    failed: Option<Timestamp>,
}

impl<T> Cached<T> {
    /// Nothing yet. A value serves for `fresh`.
    #[must_use]
    pub const fn new(fresh: Span) -> Self {
        let memory = Memory { value: None, failed: None };
        Self {
            fresh,
            stale: Span::ZERO,
            rest: Span::ZERO,
            memory: Mutex::new(memory),
            reading: tokio::sync::Mutex::const_new(()),
        }
    }

    /// The same, for [`Self::get_or_stale`]: while reading fails, a value serves up to the age `stale`, and after a failure
    /// nothing is read for `rest`.
    #[must_use]
    pub const fn with_fallback(mut self, stale: Span, rest: Span) -> Self {
        self.stale = stale;
        self.rest = rest;
        self
    }

    /// The value, or what `read` gives where there is none that is fresh. Nobody waits for another's read, so several may
    /// read at the same time. The age counts from before the read.
    ///
    /// # Errors
    /// That of `read`.
    pub async fn get<E>(
        &self,
        clock: &impl Clock,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let asked = clock.now();
        if let Some(value) = self.fresh(asked) {
            return Ok(value);
        }
        let value = Arc::new(read.await?);
        self.keep(asked, &value);
        Ok(value)
    }

    /// The value, or what `read` gives where there is none that is fresh. Who comes during a read waits for it and shares
    /// what it gives (single flight), so the age counts from after the read.
    ///
    /// # Errors
    /// That of `read`. Those who waited then read for themselves, one after the other.
    pub async fn get_shared<E>(
        &self,
        clock: &impl Clock,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        if let Some(value) = self.fresh(clock.now()) {
            return Ok(value);
        }
        let _reading = self.reading.lock().await;
        // The clock again: this call may have waited for another one.
        if let Some(value) = self.fresh(clock.now()) {
            return Ok(value);
        }
        self.read(clock, read).await
    }

    /// What `read` gives, however fresh the value is: for who has just changed it.
    ///
    /// # Errors
    /// That of `read`.
    pub async fn renew<E>(
        &self,
        clock: &impl Clock,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let _reading = self.reading.lock().await;
        self.read(clock, read).await
    }

    /// As [`Self::get_shared`], but where `read` gives nothing or has failed just now, an older value serves. `None` where
    /// there is none that is young enough. `read` says itself why it has failed.
    pub async fn get_or_stale(
        &self,
        clock: &impl Clock,
        read: impl Future<Output = Option<T>>,
    ) -> Option<Arc<T>> {
        if let Some(value) = self.fresh(clock.now()) {
            return Some(value);
        }
        let _reading = self.reading.lock().await;
        let now = clock.now();
        if let Some(value) = self.fresh(now) {
            return Some(value);
        }
        let rests = self.with(|memory| memory.failed.is_some_and(|failed| is_within(self.rest, failed, now)));
        if !rests {
            match self.read(clock, async { read.await.ok_or(()) }).await {
                Ok(value) => return Some(value),
                Err(()) => self.with(|memory| memory.failed = Some(clock.now())),
            }
        }
        self.within(self.stale, clock.now())
    }

    /// The newest value, whatever its age.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<T>> {
        self.with(|memory| memory.value.as_ref().map(|(_, value)| value.clone()))
    }

    async fn read<E>(
        &self,
        clock: &impl Clock,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let value = Arc::new(read.await?);
        self.keep(clock.now(), &value);
        Ok(value)
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<T>> {
        self.within(self.fresh, now)
    }

    fn within(&self, age: Span, now: Timestamp) -> Option<Arc<T>> {
        self.with(|memory| {
            let young = memory.value.as_ref().filter(|(at, _)| is_within(age, *at, now));
            young.map(|(_, value)| value.clone())
        })
    }

    fn keep(&self, at: Timestamp, value: &Arc<T>) {
        self.with(|memory| *memory = Memory { value: Some((at, value.clone())), failed: None });
    }

    fn with<R>(&self, change: impl FnOnce(&mut Memory<T>) -> R) -> R {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
