//! Every sentence of the pages comes from the files of texts: in the pseudo-language, whose texts stand in
//! brackets, no word stands outside of them, except what people wrote.

use std::sync::Arc;

use ownchatbot_owncast::BaseUrl;
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::builders::{person, sample_rewards};
use ownchatbot_texts::{Language, Texts};
use viewer_panel::{Deps, router};

use crate::harness::{Browser, PanelTest};

/// A browser of a panel in the pseudo-language, over the table of `test`.
fn pseudo(test: &PanelTest) -> Browser {
    let context = test.bot.another_process().speaking(Texts::of(Language::Pseudo));
    let owncast = BaseUrl::parse(test.owncast.url()).unwrap();
    let deps = Deps::new(context, signing_key(), owncast, None).unwrap();
    Browser { router: router(Arc::new(deps)), ..test.browser() }
}

/// The words on `page` that are not in brackets: in its text, and in the attributes that people read.
fn bare_words(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut skipped = None;
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        // Times are for the page's script, code is typed, and the data are a file.
        match skipped {
            Some(open) if name == format!("/{open}") => skipped = None,
            Some(_) => continue,
            None if ["script", "style", "time", "code", "textarea"].contains(&name) => skipped = Some(name),
            None => {}
        }
        for attribute in ["aria-label=\"", "placeholder=\"", "alt=\"", "title=\""] {
            texts.extend(tag.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()));
        }
        if skipped.is_none() {
            texts.push(text);
        }
    }
    let rewards = sample_rewards();
    let written: Vec<String> = rewards
        .iter()
        .flat_map(|reward| [reward.name.to_string(), reward.description.clone()])
        .chain(["Ann", "points", "Points", "ABCD-EFGH", "step 250", "step 500"].map(str::to_owned))
        .collect();
    let outside = |text: &str| {
        let (mut depth, mut outside) = (0_i32, String::new());
        for c in text.chars() {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                c if depth == 0 => outside.push(c),
                _ => {}
            }
        }
        outside
    };
    let mut bare: Vec<String> = texts.into_iter().map(outside).collect();
    for words in &mut bare {
        for known in written.iter().filter(|known| !known.is_empty()) {
            *words = words.replace(known.as_str(), "");
        }
        // Entities of characters, such as the ampersand.
        *words = words.replace("&#38;", "").replace("&amp;", "");
    }
    bare.retain(|words| words.chars().any(char::is_alphabetic));
    bare
}

#[tokio::test]
async fn no_sentence_is_outside_the_files_of_texts() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let session = test.signed_in(&ann).await;
    let (_, token) = test.invitation(&ann).await;
    let stranger = pseudo(&test);
    let browser = Browser { cookies: session.cookies.clone(), ..pseudo(&test) };
    let pages = [
        ("signed out", stranger.get("/userpanel").await),
        ("signed out just now", stranger.get("/userpanel?note=signed-out").await),
        ("a wrong code", stranger.post("/userpanel/sign-in", &[("code", "ABCD-EFGH")]).await),
        ("a code to type", stranger.post("/userpanel/code", &[]).await),
        ("a link", stranger.get(&format!("/userpanel/enter/{token}")).await),
        ("an old link", stranger.get("/userpanel/enter/none").await),
        ("signed in", browser.get("/userpanel").await),
        ("a note that is missing", browser.submit("/userpanel/use/song", &[("argument", "")]).await),
        ("an amount that is none", browser.submit("/userpanel/use/charity", &[("argument", "x")]).await),
    ];
    for (name, page) in pages {
        assert!(page.text().contains('['), "{name}: {}", page.text());
        assert!(page.text().contains("<html lang=\"en-x-pseudo\">"), "{name}");
        assert_eq!(bare_words(page.text()), Vec::<String>::new(), "{name}");
    }
    // After a click there are a notice, a row in the queue and a row of the statement.
    let used = browser.submit("/userpanel/use/hydrate", &[]).await;
    assert_eq!(used.status, 303);
    let page = browser.get(used.header("location").split('#').next().unwrap()).await;
    assert!(page.text().contains("class=\"said good\""), "{}", page.text());
    assert_eq!(bare_words(page.text()), Vec::<String>::new(), "after a click");
    let gone = browser.get("/userpanel/history?before=x").await;
    assert_eq!(gone.status, 404);
    assert!(gone.text().starts_with('[') && gone.text().ends_with("]\n"), "{}", gone.text());
}
