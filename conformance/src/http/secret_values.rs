//! Secrets that are no keys: in headers of one's own, and in the proxy's address.

use reqwest::Url;

use super::options::ClientOptions;

/// Parts of names of headers whose values are secrets.
const TELLTALE: [&str; 9] =
    ["auth", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

/// The secrets in how a target is talked to.
pub(crate) fn secret_values(options: &ClientOptions) -> Vec<String> {
    let mut secret_values = Vec::new();
    for header in &options.headers {
        let name = header.name.as_str();
        if !TELLTALE.iter().any(|part| name.contains(part)) {
            continue;
        }
        let value = String::from_utf8_lossy(header.value.as_bytes()).into_owned();
        if name == "cookie" {
            let values =
                value.split(';').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.trim());
            secret_values.extend(values.map(str::to_owned));
        } else {
            // Behind a scheme word, as in `Basic …`, it is a secret by itself.
            secret_values.extend(value.split_once(' ').map(|(_, rest)| rest.trim().to_owned()));
        }
        secret_values.push(value);
    }
    let proxy = options.proxy.as_ref().and_then(|proxy| Url::parse(proxy).ok());
    if let Some(password) = proxy.as_ref().and_then(Url::password) {
        let plain = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
        secret_values.push(plain.into_owned());
    }
    secret_values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_headers_and_of_the_proxy_are_hidden() {
        let header = |text: &str| text.parse().expect("a header");
        let options = ClientOptions {
            headers: vec![
                header("X-Env: staging"),
                header("X-Api-Key: one"),
                header("X-Auth: Basic two"),
                header("Cookie: a=three; b=four"),
            ],
            proxy: Some("http://me:f%2Five@proxy:80".to_owned()),
            ..ClientOptions::default()
        };
        assert_eq!(
            secret_values(&options),
            ["one", "two", "Basic two", "three", "four", "a=three; b=four", "f/ive"]
        );
    }
}
