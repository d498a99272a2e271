//! The paths in code: in types, expressions and patterns, in the tokens of macros and in attributes.

use std::collections::HashSet;

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, Meta, TraitItem};

use super::modules::{Import, attributes, imports, is_test};

/// What the code of one module names.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub(super) paths: Vec<Mention>,
    /// The macros invoked by a bare name: they may come from a module further out.
    pub(super) bare_macros: Vec<Mention>,
    /// Every name that stands alone or begins a path, `use` apart.
    pub(super) names: HashSet<String>,
    /// Those of them that stand alone somewhere.
    pub(super) alone: HashSet<String>,
    /// The `use`s inside functions.
    pub(super) local_imports: Vec<Import>,
}

#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

impl Mentions {
    pub(super) fn read(&mut self, item: &Item) {
        self.visit_item(item);
    }

    pub(super) fn read_attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.visit_attribute(attribute);
        }
    }

    fn name(&mut self, path: &[String]) {
        self.names.insert(path[0].clone());
        if path.len() == 1 {
            self.alone.insert(path[0].clone());
        }
    }

    fn mention(&mut self, path: Vec<String>, line: usize) {
        if path.len() > 1 {
            self.paths.push(Mention { path, line });
        }
    }

    /// The paths in tokens. In the body of a `macro_rules!`, `anchored`, only those count that begin with `crate`, `self` or
    /// `super`: what other words mean is known where the macro is invoked.
    fn read_tokens(&mut self, tokens: &TokenStream, anchored: bool) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.read_tokens(&group.stream(), anchored),
                TokenTree::Ident(ident) if !continues(&tokens[..at]) => {
                    let path = path_at(&tokens[at..]);
                    if !anchored || is_anchored(&path) {
                        if !is_key(&tokens[at + 1..]) {
                            self.name(&path);
                        }
                        self.mention(path, ident.span().start().line);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Texts in attributes can be paths: `#[serde(default = "crate::limits::usual")]`.
    fn read_texts(&mut self, tokens: &TokenStream) {
        for token in tokens.clone() {
            match token {
                TokenTree::Group(group) => self.read_texts(&group.stream()),
                TokenTree::Literal(literal) => {
                    let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { continue };
                    let Ok(path) = text.parse_with(syn::Path::parse_mod_style) else { continue };
                    self.mention(segments(&path), literal.span().start().line);
                }
                _ => {}
            }
        }
    }
}

/// Whether the next word belongs to a path or an expression that began before it.
fn continues(before: &[TokenTree]) -> bool {
    let is = |token: &TokenTree, mark: char| matches!(token, TokenTree::Punct(it) if it.as_char() == mark);
    match before {
        [.., one, other] if is(other, ':') => is(one, ':'),
        // A range is no field.
        [.., one, other] if is(other, '.') => !is(one, '.'),
        [other] => is(other, '.'),
        _ => false,
    }
}

/// Whether a word before these tokens is a mere key: `key = value`.
fn is_key(after: &[TokenTree]) -> bool {
    matches!(after, [TokenTree::Punct(it), ..] if it.as_char() == '=' && it.spacing() == Spacing::Alone)
}

/// Whether a path says where it begins, whatever the names in scope.
pub(super) fn is_anchored(path: &[String]) -> bool {
    path.first().is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()))
}

/// The words that `::` joins, from the first token on.
fn path_at(tokens: &[TokenTree]) -> Vec<String> {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(ident), after @ ..] = rest {
        path.push(word(ident));
        rest = match after {
            [TokenTree::Punct(one), TokenTree::Punct(other), after @ ..]
                if one.as_char() == ':' && other.as_char() == ':' =>
            {
                after
            }
            _ => break,
        };
    }
    path
}

/// Every word in tokens.
pub(super) fn identifiers(tokens: &TokenStream) -> Vec<String> {
    let words = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Ident(ident) => vec![word(&ident)],
        TokenTree::Group(group) => identifiers(&group.stream()),
        _ => Vec::new(),
    });
    words.flatten().collect()
}

/// A word as it is imported: `r#type` is `type`.
pub(super) fn word(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| word(&segment.ident)).collect()
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.local_imports.extend(imports(item));
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        match &item.ident {
            Some(_) => self.read_tokens(&item.mac.tokens, true),
            None => self.visit_macro(&item.mac),
        }
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        let name = segments(&invoked.path);
        if let [_] = &name[..] {
            let line = invoked.path.segments[0].ident.span().start().line;
            self.bare_macros.push(Mention { path: name, line });
        }
        self.visit_path(&invoked.path);
        self.read_tokens(&invoked.tokens, false);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let line = path.segments[0].ident.span().start().line;
        let names = segments(path);
        if path.leading_colon.is_none() {
            self.name(&names);
            self.mention(names, line);
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = pattern.ident.to_string();
        if name.starts_with(char::is_uppercase) {
            self.name(&[name]);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.read_tokens(&list.tokens, false);
            self.read_texts(&list.tokens);
        }
    }

    /// `pub(in crate::a)` imports nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let attributes: &[Attribute] = match item {
            TraitItem::Const(item) => &item.attrs,
            TraitItem::Fn(item) => &item.attrs,
            TraitItem::Type(item) => &item.attrs,
            TraitItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_test(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if !is_test(&field.attrs) {
            visit::visit_field_value(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_test(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_test(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !is_test(&local.attrs) {
            visit::visit_local(self, local);
        }
    }
}
