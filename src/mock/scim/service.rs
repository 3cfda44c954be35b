//! One request in, one answer out: the endpoints of RFC 7644 §3.2 brought together.
//! Decides nothing about resources: reading, writing and querying have modules of their own.

use std::collections::HashSet;

use jiff::Timestamp;

use super::Scim;
use super::catalogue::Target;
use super::conditions::Conditions;
use super::discovery::Discovery;
use super::error::ScimError;
use super::http::auth::{Caller, caller};
use super::http::body::object;
use super::http::reply::Reply;
use super::http::route::Route;
use super::http::url::{Url, base_url};
use super::patch::{Operation, operations};
use super::projection::{Projection, Shape};
use super::query::parameters::{Query, projection_of};
use super::query::{Asker, run};
use super::resource::Attributes;
use super::settings::Feature;
use super::store::Tenant;
use super::view::Scene;
use super::write::{Writer, Written};
use crate::http::Request;
use crate::mock::{Answer, Service};

/// What operations on resources need to know of the request that asked for them.
pub(super) struct Call {
    pub caller: Caller,
    pub base: String,
    pub now: Timestamp,
    pub projection: Projection,
    pub conditions: Conditions,
    /// Ids that references may name before their resources are there.
    pub pending: HashSet<String>,
}

impl Service for Scim {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let reply = self.reply(request, now).unwrap_or_else(Reply::from);
        Answer::Http(reply.into_response(request))
    }
}

impl Scim {
    fn reply(&self, request: &Request, now: Timestamp) -> Result<Reply, ScimError> {
        self.busy.let_in()?;
        let url = Url::parse(request, &self.settings.policy.lenient)?;
        let segments = url.below(&self.settings.base_path).ok_or_else(|| ScimError::not_found("the path"))?;
        let base = base_url(request, &self.settings)?;
        let route = Route::find(&self.catalogue, segments);
        if route.as_ref().is_some_and(Route::is_public) {
            let route = route.unwrap_or(Route::ServiceProviderConfig);
            route.check_method(&request.method, &self.settings)?;
            return self.discover(&route, &request.method, &url, &base);
        }
        let caller = caller(request, &self.settings)?;
        let route = route.ok_or_else(|| ScimError::not_found("the endpoint"))?;
        route.check_method(&request.method, &self.settings)?;
        let call = Call {
            caller,
            base,
            now,
            projection: projection_of(&url.parameters)?,
            conditions: self.conditions(request),
            pending: HashSet::new(),
        };
        self.dispatch(&route, request, &url, &call)
    }

    fn conditions(&self, request: &Request) -> Conditions {
        match self.settings.has(Feature::Etag) {
            true => Conditions::from_headers(&request.headers),
            false => Conditions::default(),
        }
    }

    fn dispatch(&self, route: &Route, request: &Request, url: &Url, call: &Call) -> Result<Reply, ScimError> {
        let method = request.method.as_str();
        if method == "OPTIONS" {
            return Ok(Reply::new(204).header("Allow", route.methods().join(", ")));
        }
        match route {
            Route::Root => self.query_parameters(&self.all_kinds(), url, call),
            Route::Collection(kind) if method != "POST" => self.query_parameters(&[*kind], url, call),
            Route::Collection(kind) => self.create(call, *kind, &self.body(request)?, None),
            Route::Search(kinds) => {
                let query = Query::from_search(&self.body(request)?, &self.settings.policy)?;
                self.query(kinds, &query, call)
            }
            Route::Resource(kind, id) => self.resource(*kind, id, request, call),
            Route::Me => {
                let (kind, id) = self.me(call)?;
                self.resource(kind, &id, request, call)
            }
            Route::Bulk => {
                let limit = self.settings.bulk_max_payload_size;
                self.bulk(call, &object(request, limit, "maxPayloadSize")?)
            }
            _ => self.discover(route, method, url, &call.base),
        }
    }

    fn discover(&self, route: &Route, method: &str, url: &Url, base: &str) -> Result<Reply, ScimError> {
        if method == "OPTIONS" {
            return Ok(Reply::new(204).header("Allow", route.methods().join(", ")));
        }
        Discovery::check_parameters(&url.parameters)?;
        let discovery = Discovery { catalogue: &self.catalogue, settings: &self.settings, base };
        let body = match route {
            Route::ResourceTypes => discovery.resource_types(),
            Route::ResourceType(id) => discovery.resource_type_called(id)?,
            Route::Schemas => discovery.schemas(),
            Route::Schema(id) => discovery.schema_called(id)?,
            _ => discovery.service_provider_config(),
        };
        Ok(Reply::json(200, body))
    }

    fn resource(&self, kind: usize, id: &str, request: &Request, call: &Call) -> Result<Reply, ScimError> {
        match request.method.as_str() {
            "PUT" => self.replace(call, kind, id, &self.body(request)?),
            "PATCH" => {
                let operations = operations(&self.body(request)?, self.settings.patch_max_operations)?;
                self.patch(call, kind, id, &operations)
            }
            "DELETE" => self.delete(call, kind, id),
            _ => self.retrieve(call, kind, id),
        }
    }

    fn body(&self, request: &Request) -> Result<Attributes, ScimError> {
        object(request, self.settings.max_body_size, "the limit")
    }

    fn all_kinds(&self) -> Vec<usize> {
        (0..self.catalogue.kinds.len()).collect()
    }

    fn query_parameters(&self, kinds: &[usize], url: &Url, call: &Call) -> Result<Reply, ScimError> {
        self.query(kinds, &Query::from_parameters(&url.parameters, &self.settings.policy)?, call)
    }

    fn query(&self, kinds: &[usize], query: &Query, call: &Call) -> Result<Reply, ScimError> {
        let tenant = self.read(&call.caller.tenant)?;
        let asker = Asker {
            kinds,
            identity: &format!("{:?}", call.caller),
            cursor_key: self.cursor_key,
            now_seconds: call.now.as_second(),
        };
        Ok(Reply::json(200, run(self.scene(&tenant, call), &self.settings, query, &asker)?))
    }

    fn retrieve(&self, call: &Call, kind: usize, id: &str) -> Result<Reply, ScimError> {
        let tenant = self.read(&call.caller.tenant)?;
        let resource =
            tenant.get_of(kind, id).ok_or_else(|| ScimError::not_found(format!("resource {id:?}")))?;
        if let Some(view) = self.scene(&tenant, call).view(resource) {
            let version = view.version();
            call.conditions.check_match(&version)?;
            if call.conditions.is_known(&version) {
                return Ok(Reply::new(304).header("ETag", version));
            }
        }
        Ok(self.show(&tenant, call, 200, kind, id, &[]))
    }

    pub(super) fn create(
        &self,
        call: &Call,
        kind: usize,
        body: &Attributes,
        id: Option<String>,
    ) -> Result<Reply, ScimError> {
        self.change(call, kind, 201, |writer| writer.create(kind, body, id))
    }

    pub(super) fn replace(
        &self,
        call: &Call,
        kind: usize,
        id: &str,
        body: &Attributes,
    ) -> Result<Reply, ScimError> {
        self.change(call, kind, 200, |writer| writer.replace(kind, id, body))
    }

    pub(super) fn patch(
        &self,
        call: &Call,
        kind: usize,
        id: &str,
        operations: &[Operation],
    ) -> Result<Reply, ScimError> {
        self.change(call, kind, 200, |writer| writer.patch(kind, id, operations))
    }

    pub(super) fn delete(&self, call: &Call, kind: usize, id: &str) -> Result<Reply, ScimError> {
        let mut tenant = self.write(&call.caller.tenant)?;
        self.writer(&mut tenant, call).delete(kind, id)?;
        Ok(Reply::new(204))
    }

    /// Writes, and shows what was written.
    fn change<'a>(
        &'a self,
        call: &Call,
        kind: usize,
        status: u16,
        write: impl FnOnce(&mut Writer<'a, '_>) -> Result<Written<'a>, ScimError>,
    ) -> Result<Reply, ScimError> {
        let mut tenant = self.write(&call.caller.tenant)?;
        let written = write(&mut self.writer(&mut tenant, call))?;
        Ok(self.show(&tenant, call, status, kind, &written.id, &written.attributes))
    }

    fn writer<'c, 't>(&'c self, tenant: &'t mut Tenant, call: &'t Call) -> Writer<'c, 't> {
        Writer {
            catalogue: &self.catalogue,
            settings: &self.settings,
            random: &self.random,
            tenant,
            base: &call.base,
            now: call.now,
            pending: &call.pending,
            conditions: &call.conditions,
        }
    }

    fn scene<'a>(&'a self, tenant: &'a Tenant, call: &'a Call) -> Scene<'a> {
        Scene {
            catalogue: &self.catalogue,
            tenant,
            policy: &self.settings.policy,
            base: &call.base,
            versions: self.settings.has(Feature::Etag),
        }
    }

    /// The representation of a resource, with where it is and which version it has.
    fn show(
        &self,
        tenant: &Tenant,
        call: &Call,
        status: u16,
        kind: usize,
        id: &str,
        written: &[Target<'_>],
    ) -> Reply {
        let scene = self.scene(tenant, call);
        let Some(view) = tenant.get_of(kind, id).and_then(|resource| scene.view(resource)) else {
            return Reply::new(status);
        };
        let body = Shape::new(view.kind, &call.projection, written).render(&view);
        let reply = Reply::json(status, body).header("Location", view.location());
        match self.settings.has(Feature::Etag) {
            true => reply.header("ETag", view.version()),
            false => reply,
        }
    }

    /// The User that the caller's token stands for (RFC 7644 §3.11).
    fn me(&self, call: &Call) -> Result<(usize, String), ScimError> {
        let unknown = || ScimError::not_found("a User for these credentials");
        let user = call.caller.user.as_deref().ok_or_else(unknown)?;
        let kind = self.catalogue.kinds.iter().position(|kind| kind.is_user()).ok_or_else(unknown)?;
        let tenant = self.read(&call.caller.tenant)?;
        if tenant.get_of(kind, user).is_some() {
            return Ok((kind, user.to_owned()));
        }
        let number = tenant.index(kind, None, "userName").and_then(|index| index.find(user).first().copied());
        let place = number.map(|number| super::store::Place { kind, number });
        let resource = place.and_then(|place| tenant.at(place)).ok_or_else(unknown)?;
        Ok((kind, resource.id.to_string()))
    }
}
