//! Another API than the built-in one, played by the mock server: the laws are the engine's, the API is data.

use std::path::{Path, PathBuf};

use mock_server::MockServer;
use schemas::Contract;

use crate::support::Project;

fn bookshop(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../mock-server/tests/integration/bookshop").join(name)
}

#[tokio::test]
async fn an_api_of_short_texts_and_rows_that_stay_holds_run_after_run() {
    let contract = Contract::load(&bookshop("openapi.yaml")).expect("the contract loads");
    let fixtures = fixtures::Fixtures::load(&bookshop("fixtures"), &contract).expect("the fixtures load");
    let server =
        MockServer::builder().contract(contract).fixtures(fixtures).start().await.expect("a free port");
    let project = Project::new();
    let description = bookshop("openapi.yaml").display().to_string();
    for seed in ["1", "2", "1"] {
        let ended = project
            .run(&[
                "run",
                "--contract",
                &description,
                "--url",
                server.url(),
                "--api-key",
                "shop_test_own_conformance",
                "--other-key",
                "shop_branch",
                "--allow-live",
                "--seed",
                seed,
            ])
            .await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        assert!(ended.out.contains("holds  0 violations, 0 warnings, 0 notes"), "{ended:#?}");
        assert!(ended.out.contains("the contract has no operation that deletes it"), "{ended:#?}");
    }
}
