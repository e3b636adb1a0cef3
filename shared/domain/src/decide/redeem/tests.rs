mod access;
mod goals;
mod limits;
mod notes;
mod prices;
mod properties;
