// An in-memory SCIM server on SCIMMY and its Express routers, as a good server that scimspec did not write.
// Usage: node server.mjs PORT TOKEN
import crypto from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port = "8081", token = "third-party-token"] = process.argv.slice(2);

/** A resource without what the server itself adds to it. */
function without({ id, meta, ...rest }) {
  return rest;
}

/** Handlers that keep resources of one type in a map; `key` names the attribute that must be unique, if any. */
function stored(key) {
  const resources = new Map();
  const missing = (id) => new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
  const clashes = (id, value) =>
    [...resources.values()].some((other) => other.id !== id && other[key].toLowerCase() === value.toLowerCase());

  return {
    ingress(resource, instance) {
      const before = resource.id ? resources.get(resource.id) : undefined;
      if (resource.id && !before) throw missing(resource.id);
      const now = new Date().toISOString();
      const after = JSON.parse(JSON.stringify(instance));
      const id = before?.id ?? crypto.randomUUID();
      if (key && clashes(id, after[key])) throw new SCIMMY.Types.Error(409, "uniqueness", `${key} is taken`);
      const isSame = before && isDeepStrictEqual(without(before), without(after));
      const meta = { created: before?.meta.created ?? now, lastModified: isSame ? before.meta.lastModified : now };
      const kept = { ...after, id, meta };
      resources.set(id, kept);
      return kept;
    },
    egress(resource) {
      if (!resource.id) {
        const all = [...resources.values()];
        return resource.filter ? resource.filter.match(all) : all;
      }
      const found = resources.get(resource.id);
      if (!found) throw missing(resource.id);
      return found;
    },
    degress(resource) {
      if (!resources.delete(resource.id)) throw missing(resource.id);
    },
  };
}

SCIMMY.Config.set({ patch: true, filter: true, sort: true, bulk: true });
SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  ...stored("userName"),
  extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
});
SCIMMY.Resources.declare(SCIMMY.Resources.Group, stored());

const app = express();
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    handler(request) {
      const [scheme, sent] = (request.header("Authorization") ?? "").split(/ (.*)/s);
      if (scheme.toLowerCase() !== "bearer" || sent !== token) throw new Error("Authorization required");
      // No user stands behind the token, so there is no /Me.
    },
  }),
);
app.listen(Number(port), "127.0.0.1", () => console.log(`ready on http://127.0.0.1:${port}/scim/v2`));
