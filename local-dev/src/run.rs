//! Starts all parts of the bot, and shuts them down in order.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use owncast_hook::{Deps, HookAuth};
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_boot::{BotDeps, SystemClock};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::PointsSettings;
use ownchatbot_domain::{Change, ConfigEdit, Configure, Decision, EditTarget, Editor, EventId};
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient, WebhookSecret};
use ownchatbot_schedules::Local;
use ownchatbot_simulator::{self as simulator, Simulator, Version, Webhook};
use ownchatbot_store::Store;
use ownchatbot_texts::{Language, Texts};
use ownchatbot_web::Token;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::data_dir::{DataDir, Secrets};
use crate::database::Database;
use crate::options::Options;
use crate::report::{self, Ready};
use crate::start_error::StartError;
use crate::{clockwork, demo, edge, pump};

/// The time that each part has to shut down.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs until Ctrl-C.
pub(crate) async fn run(options: Options) -> Result<(), StartError> {
    let listener = listen(options.bind, options.port, "--port").await?;
    let address = listener.local_addr().map_err(StartError::Server)?;
    let folder = if options.memory { None } else { Some(DataDir::open(&options.data_dir)?) };
    let secrets = folder.as_ref().map_or_else(Secrets::new, DataDir::secrets)?;
    let database = match &options.dynamodb_endpoint {
        Some(endpoint) => Database::at(endpoint).await?,
        None => Database::open(folder.as_ref()).await?,
    };
    let secret = webhook_secret(&options, &secrets);
    let here = format!("http://{}", reachable(address));
    let edge = options.public_url.clone().unwrap_or_else(|| here.clone());
    prepare(&database.store, &options, &edge).await?;
    let hook_path = format!("/chatHook/{}", secrets.hook_token);
    let connection = connect(&options, &here, &hook_path, secret.as_deref()).await?;
    let schedules = Local::open(folder.as_ref().map(DataDir::schedules), SystemClock)?;
    let key = SigningKey::parse(&secrets.signing_key).map_err(|error| damaged(&error))?;
    let language = if options.pseudo_language { Language::Pseudo } else { Language::English };
    let speaking = || Context::new(database.store.clone(), SystemClock).speaking(Texts::of(language));
    let context = || speaking().signing(key.clone());
    let bot = Arc::new(BotDeps {
        context: context(),
        owncast: OwncastClient::new(connection.url.clone(), connection.token.clone())?,
        schedules,
    });
    let hook = Arc::new(Deps { context: context(), auth: auth(&secrets, secret.clone())?, origin: None });
    let overlays = Arc::new(overlays::Deps::new(context(), key.clone(), None));
    let panel = Arc::new(viewer_panel::Deps::new(context(), key, connection.url.clone(), None)?);

    let mut work = JoinSet::new();
    work.spawn(pump::run(aws_sdk_dynamodbstreams::Client::new(&database.aws), bot.clone()));
    work.spawn(clockwork::schedules(bot.clone()));
    work.spawn(clockwork::redrive(bot.clone()));
    work.spawn(clockwork::watch(bot.clone()));
    let (stop, mut stopped) = watch::channel(());
    let serving =
        axum::serve(listener, edge::router(hook, overlays, panel)).with_graceful_shutdown(async move {
            let _ = stopped.changed().await;
        });
    let mut server = tokio::spawn(async move { serving.await });

    let ready = Ready {
        chat_hook: format!("{edge}{hook_path}"),
        kofi_hook: format!("{edge}/kofiHook/{}", secrets.hook_token),
        webhook_secret: secret,
        viewer_panel: format!("{edge}/userpanel"),
        mgmt: format!("{edge}/mgmt"),
        overlays: format!("{edge}/overlay"),
        owncast: connection.url.as_str().trim_end_matches('/').to_owned(),
        data_dir: folder.as_ref().map(|folder| folder.path().display().to_string()),
        simulated: connection.simulator.is_some(),
        edge,
    };
    let interrupted = interruption()?;
    if options.json {
        ready.json();
    } else {
        ready.friendly();
    }

    let broken = tokio::select! {
        () = interrupted => None,
        ended = &mut server => ended.ok().and_then(Result::err),
    };
    // First new events stop, then running requests are finished, then the database is closed.
    if let Some(simulator) = connection.simulator {
        let _ = timeout(SHUTDOWN_TIMEOUT, simulator.shutdown()).await;
    }
    drop(stop);
    if !server.is_finished() {
        let _ = timeout(SHUTDOWN_TIMEOUT, server).await;
    }
    work.shutdown().await;
    let _ = timeout(SHUTDOWN_TIMEOUT, database.close()).await;
    report::goodbye();
    broken.map_or(Ok(()), |error| Err(StartError::Server(error)))
}

/// Saves the settings that the options ask for, and the demo rewards if there are none yet.
async fn prepare(store: &Store, options: &Options, edge: &str) -> Result<(), StartError> {
    let config = store.config().await?;
    let mut edits = Vec::new();
    let mut section = |after: Section| {
        let before = Section::same_of(&config.settings, &after);
        let seen = config.versions.section(after.name());
        edits.push(ConfigEdit { seen, target: EditTarget::Settings { before, after } });
    };
    // The port may have changed since the last start, and links and forms depend on the URL.
    if config.settings.public_url.as_deref() != Some(edge) {
        let owncast_url = config.settings.owncast_url.clone();
        section(Section::Address { public_url: Some(edge.to_owned()), owncast_url });
    }
    if let Some(interval) =
        options.points_interval.filter(|interval| *interval != config.settings.points.interval)
    {
        section(Section::Points(PointsSettings { interval, ..config.settings.points.clone() }));
    }
    if options.wants_demo() && config.rewards.is_empty() {
        demo::sections().into_iter().for_each(section);
        let new = |reward| EditTarget::Reward { before: None, after: Some(reward) };
        edits.extend(demo::rewards().into_iter().map(|reward| ConfigEdit { seen: 0, target: new(reward) }));
    }
    if edits.is_empty() {
        return Ok(());
    }
    let now = SystemClock.now();
    let event = EventId::by_bot("start", now.sortable());
    let changes = vec![Change::Configure(Configure { by: Editor::Setup, edits })];
    store.commit(Some(&event), now, &Decision::changes(changes)).await?;
    Ok(())
}

/// The secret that webhooks must be signed with: the given one, or the simulator's if its version signs.
fn webhook_secret(options: &Options, secrets: &Secrets) -> Option<String> {
    let signs = options.owncast_url.is_none() && Version::from(options.simulator_version) >= Version::V0_3_0;
    options.webhook_secret.clone().or_else(|| signs.then(|| secrets.webhook_secret.clone()))
}

fn auth(secrets: &Secrets, secret: Option<String>) -> Result<HookAuth, StartError> {
    let token = Token::parse(secrets.hook_token.as_str()).map_err(|error| damaged(&error))?;
    let secret = secret.map(WebhookSecret::parse).transpose().map_err(|error| damaged(&error))?;
    Ok(HookAuth { token, secret })
}

fn damaged(error: &dyn std::error::Error) -> StartError {
    StartError::Secrets { path: "secrets.json".into(), source: serde::de::Error::custom(error) }
}

struct Connection {
    url: BaseUrl,
    token: AccessToken,
    simulator: Option<Simulator>,
}

/// Connects the real Owncast, or starts the simulator with its webhook set to this bot.
async fn connect(
    options: &Options,
    here: &str,
    hook_path: &str,
    secret: Option<&str>,
) -> Result<Connection, StartError> {
    if let (Some(url), Some(token)) = (&options.owncast_url, &options.owncast_token) {
        return Ok(Connection { url: url.clone(), token: token.clone(), simulator: None });
    }
    let port = options.simulator_port;
    let hook = format!("{here}{hook_path}");
    let setup = simulator::Options {
        version: options.simulator_version.into(),
        token: "simulator-token".to_owned(),
        webhook: Some(secret.map_or_else(|| Webhook::new(&hook), |secret| Webhook::signed(&hook, secret))),
        listen: SocketAddr::from((options.bind, port)),
        clock: simulator::Clock::new(|| SystemClock.now().ms()),
        cast: true,
        bot_url: Some(options.public_url.clone().unwrap_or_else(|| here.to_owned())),
        ..simulator::Options::default()
    };
    let taken = |source| StartError::Port { port, option: "--simulator-port", source };
    let simulator = Simulator::start(setup).await.map_err(taken)?;
    let invalid =
        |error: &dyn std::error::Error| StartError::Server(std::io::Error::other(error.to_string()));
    let url = format!("http://{}", reachable(simulator.address()));
    Ok(Connection {
        url: BaseUrl::parse(&url).map_err(|error| invalid(&error))?,
        token: AccessToken::parse(simulator.token()).map_err(|error| invalid(&error))?,
        simulator: Some(simulator),
    })
}

async fn listen(address: IpAddr, port: u16, option: &'static str) -> Result<TcpListener, StartError> {
    let bound = TcpListener::bind((address, port)).await;
    bound.map_err(|source| StartError::Port { port, option, source })
}

/// The address at which a browser on this computer reaches a server: the loopback address if it listens on
/// all addresses.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// Completes on Ctrl-C or SIGTERM. The signals are caught from the moment of the call, not of the first poll,
/// because a program that reads the ready line may stop this one at once.
#[cfg(unix)]
fn interruption() -> Result<impl Future<Output = ()>, StartError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt()).map_err(StartError::Server)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(StartError::Server)?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Completes on Ctrl-C.
#[cfg(not(unix))]
fn interruption() -> Result<impl Future<Output = ()>, StartError> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
