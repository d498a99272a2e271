//! Files of the contract as other programs name them.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a URI cannot hold as it is in a path.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A file's name as seen from the working folder, where it is below it; with slashes.
pub(super) fn relative(file: &str) -> String {
    let path = Path::new(file);
    let below = std::env::current_dir().ok().and_then(|folder| path.strip_prefix(folder).ok());
    let name = below.unwrap_or(path).display().to_string().replace('\\', "/");
    name.strip_prefix("./").map_or_else(|| name.clone(), str::to_owned)
}

/// Whether a file is below the working folder, as far as its name shows.
pub(super) fn is_relative(file: &str) -> bool {
    !is_absolute(&relative(file))
}

fn is_absolute(name: &str) -> bool {
    name.starts_with('/') || name.as_bytes().get(1) == Some(&b':')
}

/// A file's name as a URI: relative to the working folder, where it is below it.
pub(super) fn uri(file: &str) -> String {
    let name = relative(file);
    let path = utf8_percent_encode(&name, PATH).to_string();
    match (is_absolute(&name), name.starts_with('/')) {
        (false, _) => path,
        (true, true) => format!("file://{path}"),
        (true, false) => format!("file:///{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_working_folder() {
        let here = std::env::current_dir().expect("a folder").join("api/open api.yaml");
        for (file, expected) in [
            ("openapi.yaml", "openapi.yaml"),
            ("./api/a b#.yaml", "api/a%20b%23.yaml"),
            (here.to_str().expect("text"), "api/open%20api.yaml"),
            ("/elsewhere/é.yaml", "file:///elsewhere/%C3%A9.yaml"),
            (r"C:\api\openapi.yaml", "file:///C:/api/openapi.yaml"),
        ] {
            assert_eq!(uri(file), expected, "{file}");
        }
    }
}
