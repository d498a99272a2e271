//! What is hardly HTTP: the connection ends or is answered, and the server goes on.

use std::time::Duration;

use mock_server::Limits;

use crate::support::api::Api;
use crate::support::{Own, Wire, builtin};

/// Asserts that the server that the tests share still answers.
async fn alive() {
    Api::shared().get("/health").await.is(200);
}

#[tokio::test]
async fn garbage_on_the_socket_is_refused_or_hung_up_on() {
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20);
    let noise: Vec<u8> =
        (0..4_096_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    for garbage in [
        &b"\r\n\r\n\r\n"[..],
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /api/v1/me\r\n\r\n",
        b"GET /api/v1/me HTTP/9.9\r\n\r\n",
        b"GET /api/v1/me FTP/1.1\r\n\r\n",
        b"GET  /api/v1/me HTTP/1.1\r\n\r\n",
        b"G\0T /api/v1/me HTTP/1.1\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\n: empty\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nX: a\0b\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST /api/v1/customers HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/v1/customers HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"POST /api/v1/customers HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage that is no frame at all, and goes on for a while",
        b"PRI * HTTP/1.1\r\n\r\n",
        b"{\"name\":\"a\"}\r\n\r\n",
        &tls,
        &noise,
    ] {
        let mut wire = Wire::shared().await;
        wire.send(garbage).await;
        wire.half_close().await;
        let told = wire.ends().await;
        let text = String::from_utf8_lossy(&told);
        assert!(
            !text.contains(" 500 ") && !text.contains(" 200 ") && !text.contains(" 201 "),
            "{garbage:?}: {text}"
        );
        assert!(!text.contains("panicked"), "{text}");
    }
    alive().await;
}

#[tokio::test]
async fn a_client_that_closes_its_side_after_the_request_gets_the_answer() {
    let api = Api::private();
    for _ in 0..20 {
        let mut wire = Wire::shared().await;
        let request = format!(
            "GET /api/v1/customers/128 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
            api.key()
        );
        assert!(wire.send(request).await);
        wire.half_close().await;
        assert_eq!(wire.answer().await.status, 200);
        assert!(wire.ends().await.is_empty());
    }
}

#[tokio::test]
async fn a_client_that_closes_its_side_after_a_body_gets_the_answer() {
    let api = Api::private();
    let mut wire = Wire::shared().await;
    let request = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: 12\r\n\r\n{{\"name\":\"a\"}}",
        api.key()
    );
    assert!(wire.send(request).await);
    wire.half_close().await;
    assert_eq!(wire.answer().await.status, 201);
}

#[tokio::test]
async fn connections_that_say_nothing_or_half_a_head_do_no_harm() {
    let limits = Limits { header_time: Duration::from_millis(500), ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let mut open = Vec::new();
    for start in ["", "P", "PR", "PRI", "G", "GET /api/v1/health HTTP/1.1\r\nHost:"] {
        let mut wire = Wire::to(own.api.address()).await;
        assert!(wire.send(start).await);
        open.push(wire);
    }
    own.api.get("/health").await.is(200);
    for mut wire in open {
        wire.half_close().await;
        wire.ends().await;
    }
    // A client of its own: the kept connection of `own.api` may by now have met the limit on idle connections.
    Api::at(own.server.url(), builtin()).get("/health").await.is(200);
}

#[tokio::test]
async fn more_header_lines_than_there_may_be_are_refused() {
    for (lines, status) in [(90, 200), (101, 431)] {
        let mut wire = Wire::shared().await;
        let more = "X: a\r\n".repeat(lines);
        assert!(wire.send(format!("GET /api/v1/health HTTP/1.1\r\n{more}\r\n")).await);
        assert_eq!(wire.answer().await.status, status, "{lines} lines");
    }
}

#[tokio::test]
async fn a_connection_that_is_not_used_ends_whatever_it_speaks() {
    let limits = Limits { header_time: Duration::from_millis(200), ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let mut wire = Wire::to(own.api.address()).await;
    assert!(wire.send("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n").await);
    assert_eq!(wire.answer().await.status, 200);
    wire.ends().await;

    let stream = tokio::net::TcpStream::connect(own.api.address()).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, http_body_util::Empty<&[u8]>>(
            hyper_util::rt::TokioExecutor::new(),
            hyper_util::rt::TokioIo::new(stream),
        )
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let request =
        http::Request::get(format!("{}/health", own.server.url())).body(http_body_util::Empty::new());
    assert_eq!(sender.send_request(request.unwrap()).await.unwrap().status(), 200);
    let end = tokio::time::timeout(Duration::from_secs(20), connection).await;
    end.expect("the server hangs up").unwrap().unwrap();
    assert!(sender.is_closed());
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_rest_of_the_next_request() {
    let mut wire = Wire::shared().await;
    assert!(wire.send("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\nGET /api/v1/hea").await);
    assert_eq!(wire.answer().await.status, 200);
    assert!(wire.send("lth HTTP/1.1\r\nHost: x\r\n\r\n").await);
    assert_eq!(wire.answer().await.status, 200);
}

#[tokio::test]
async fn what_is_not_http_is_told_so() {
    for (request, status) in [
        (&b"GET /api/v1/me FTP/1.1\r\n\r\n"[..], 400),
        (b"GET /api/v1/\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /api/v1/me HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST /api/v1/customers HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400),
    ] {
        let mut wire = Wire::shared().await;
        assert!(wire.send(request).await);
        let answer =
            wire.try_answer().await.unwrap_or_else(|| panic!("{} gets no answer", request.escape_ascii()));
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(wire.ends().await.is_empty());
    }
}

#[tokio::test]
async fn a_head_that_does_not_come_is_given_up() {
    let limits = Limits { header_time: Duration::from_millis(50), ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    for start in ["", "P", "PR", "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n"] {
        let mut wire = Wire::to(&own.server.address().to_string()).await;
        assert!(wire.send(start).await);
        wire.ends().await;
    }
    own.api.get("/health").await.is(200);
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_read() {
    let mut wire = Wire::shared().await;
    for byte in b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n" {
        assert!(wire.send([*byte]).await);
        tokio::task::yield_now().await;
    }
    assert_eq!(wire.answer().await.status, 200);
}

#[tokio::test]
async fn more_connections_than_the_bound_wait_for_a_place() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let address = own.server.address().to_string();
    let request = "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = Wire::to(&address).await;
    assert!(first.send(request).await);
    assert_eq!(first.answer().await.status, 200);
    let mut second = Wire::to(&address).await;
    assert!(second.send(request).await);
    drop(first);
    assert_eq!(second.answer().await.status, 200);
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_connections_that_say_nothing() {
    let limits = Limits {
        shutdown_time: Duration::from_hours(1),
        header_time: Duration::from_hours(1),
        ..Limits::default()
    };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let address = own.server.address().to_string();
    let mut silent = Wire::to(&address).await;
    let mut kept = Wire::to(&address).await;
    assert!(kept.send("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n").await);
    assert_eq!(kept.answer().await.status, 200);
    let patience = Duration::from_secs(15);
    tokio::time::timeout(patience, own.server.shutdown()).await.expect("a shutdown without delay");
    assert!(silent.ends().await.is_empty() && kept.ends().await.is_empty());
}

#[tokio::test]
async fn a_shutdown_lets_a_request_in_flight_finish() {
    let own = Own::start(|builder| builder).await;
    let mut wire = Wire::to(&own.server.address().to_string()).await;
    let head = "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_test_demo\r\n\
        Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
    assert!(wire.send(head).await);
    assert_eq!(wire.answer().await.status, 100);
    let stopping = tokio::spawn(own.server.shutdown());
    while tokio::net::TcpStream::connect(own.api.address()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(wire.send("{\"name\":\"a\"}").await);
    assert_eq!(wire.answer().await.status, 201);
    stopping.await.unwrap();
}
