//! The token in the path, the signature, and CloudFront's secret.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{Span, Timestamp};
use ownchatbot_owncast::{WebhookSecret, sign, signature};

use crate::harness::{HookTest, SECRET, TOKEN, chat, hook_behind, post};

#[tokio::test]
async fn wrong_token_or_path_is_not_found() {
    let test = HookTest::unsigned().await;
    let before = test.items().await;
    let (short, long) = (&TOKEN[..TOKEN.len() - 1], format!("{TOKEN}9"));
    let tokens = ["wrong-token-0123456789", short, &long, "x", "%20", "%ff", "%00", "", ".", "a/b"];
    for token in tokens {
        let request = post(token).body(Body::from(chat("m", "ann", "!points"))).unwrap();
        assert_eq!(test.send(request).await.status, StatusCode::NOT_FOUND, "{token}");
    }
    for path in
        ["/", "/chatHook", &format!("/chathook/{TOKEN}"), &format!("/chatHook/{TOKEN}/"), "/kofiHook/x"]
    {
        let request = Request::post(path).body(Body::from(chat("m", "ann", "!points"))).unwrap();
        assert_eq!(test.send(request).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(test.items().await, before);
}

#[tokio::test]
async fn only_post_is_allowed() {
    let test = HookTest::unsigned().await;
    let before = test.items().await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let request = Request::builder().method(&method).uri(format!("/chatHook/{TOKEN}"));
        let response = test.send(request.body(Body::from(chat("m", "ann", "!points"))).unwrap()).await;
        assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(response.headers["allow"], "POST", "{method}");
    }
    assert_eq!(test.items().await, before);
}

#[tokio::test]
async fn with_a_secret_only_signed_events_are_handled() {
    let test = HookTest::signed().await;
    let before = test.items().await;
    let body = chat("m", "ann", "!points");
    let now = test.clock.now();
    let signed =
        |secret: &str, at: Timestamp, body: &[u8]| sign(&WebhookSecret::parse(secret).unwrap(), at, body);
    let right = signed(SECRET, now, &body);
    let forged = [
        None,
        Some(String::new()),
        Some("t=1.s=".to_owned()),
        Some(right.to_uppercase()),
        Some(right.replace("s=", "s=00")),
        Some(signed("another-secret", now, &body)),
        Some(signed(SECRET, now, &chat("m2", "ann", "!points"))),
        Some(signed(SECRET, now.saturating_sub(Span::seconds(301)), &body)),
        Some(signed(SECRET, now.saturating_add(Span::seconds(301)), &body)),
    ];
    for signature in forged {
        let response = test.post_with(&body, signature.as_deref()).await;
        assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{signature:?}");
        assert_eq!(response.text, "the signature is missing or wrong\n", "all responses are alike");
    }
    // A header that is not text, and a body that is not JSON: the signature is checked first.
    let request =
        post(TOKEN).header(signature::HEADER, &b"t=1.s=\xff"[..]).body(Body::from(body.clone())).unwrap();
    assert_eq!(test.send(request).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(test.post_with(b"{", Some(&right)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(test.items().await, before, "nothing was written");

    for at in [now.saturating_sub(Span::seconds(300)), now, now.saturating_add(Span::seconds(300))] {
        let response = test.post_with(&body, Some(&signed(SECRET, at, &body))).await;
        assert_eq!(response.status, StatusCode::OK);
    }
    assert_eq!(test.effects("m").await.len(), 1);
}

#[tokio::test]
async fn signed_replay_is_accepted_and_changes_nothing() {
    let test = HookTest::signed().await;
    let body = chat("m", "ann", "!song with a note");
    let signature = test.signature(&body).unwrap();
    for _ in 0..3 {
        assert_eq!(test.post_with(&body, Some(&signature)).await.status, StatusCode::OK);
        assert_eq!(test.balance("ann").await, 0);
        test.clock.push(Span::seconds(100));
    }
    // The window's last moment; a second later the signature has expired.
    assert_eq!(test.post_with(&body, Some(&signature)).await.status, StatusCode::OK);
    test.clock.push(Span::seconds(1));
    assert_eq!(test.post_with(&body, Some(&signature)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(test.effects("m").await.len(), 1);
}

#[tokio::test]
async fn without_a_secret_signatures_are_not_checked() {
    let test = HookTest::unsigned().await;
    assert_eq!(test.post(&chat("m1", "ann", "!points")).await.status, StatusCode::OK);
    let response = test.post_with(&chat("m2", "ann", "!points"), Some("t=1.s=00")).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!((test.effects("m1").await.len(), test.effects("m2").await.len()), (1, 1));
}

#[tokio::test]
async fn requests_without_cloudfronts_secret_are_refused() {
    let mut test = HookTest::unsigned().await;
    let edge = "what-the-edge-knows";
    test.router = hook_behind(Some(edge), test.table.store.clone(), &test.clock, None);
    let before = test.items().await;
    let (too_large, message) = (vec![b' '; 300 * 1024], chat("m", "ann", "!points"));
    for (token, body) in [(TOKEN, &message), ("wrong-token-0123456789", &message), (TOKEN, &too_large)] {
        for header in [None, Some("what-the-edge-knew")] {
            let mut request = post(token);
            if let Some(header) = header {
                request = request.header("x-origin-secret", header);
            }
            let response = test.send(request.body(Body::from(body.clone())).unwrap()).await;
            assert_eq!(response.status, StatusCode::FORBIDDEN, "{token} {header:?}");
        }
    }
    assert_eq!(test.items().await, before);
    let request = post(TOKEN).header("x-origin-secret", edge).body(Body::from(message)).unwrap();
    assert_eq!(test.send(request).await.status, StatusCode::OK);
    assert_eq!(test.effects("m").await.len(), 1);
}
