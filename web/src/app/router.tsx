/** Which page stands at which address, and what one must be allowed to open it. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from "@tanstack/react-router";
import type { RouteComponent } from "@tanstack/react-router";
import { Failed, Forbidden, Loading } from "../design/states";
import type { Ability } from "../api/may";
import { useMay } from "./me";
import { places } from "./nav";
import { NotFound } from "./not-found";
import { Shell } from "./shell";

/** A page for those who may; the others are told so. */
function allowed(needs: readonly Ability[], Page: RouteComponent): RouteComponent {
  return function Allowed() {
    const may = useMay();
    return needs.some(may) ? <Page /> : <Forbidden />;
  };
}

const CasePage = lazyRouteComponent(() => import("../pages/case"), "CasePage");

/** The case, for those who may see it; for the others the first page that is theirs. */
function Home() {
  const may = useMay();
  if (may("case")) return <CasePage />;
  const first = places.flatMap((group) => group.places).find((place) => place.needs.some(may));
  return <Navigate to={first?.to ?? "/account"} replace />;
}

/** Which facility an address asks for, if it does; a code of digits alone is read as a number. */
function facilityIn({ facility }: Record<string, unknown>): { facility?: string } {
  const code = typeof facility === "number" ? String(facility) : facility;
  return typeof code === "string" && code !== "" ? { facility: code } : {};
}

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const under = { getParentRoute: () => rootRoute } as const;

const routes = [
  createRoute({ ...under, path: "/", component: Home }),
  createRoute({
    ...under,
    path: "/handsets",
    validateSearch: facilityIn,
    component: allowed(["handsets"], lazyRouteComponent(() => import("../pages/handsets"), "HandsetsPage")),
  }),
  createRoute({
    ...under,
    path: "/handsets/$handset",
    validateSearch: facilityIn,
    component: allowed(["handset"], lazyRouteComponent(() => import("../pages/handset"), "HandsetPage")),
  }),
  // Which facilities one may see the server says one by one.
  createRoute({ ...under, path: "/facilities/$facility", component: lazyRouteComponent(() => import("../pages/facility"), "FacilityPage") }),
  createRoute({ ...under, path: "/plan", component: allowed(["plan"], lazyRouteComponent(() => import("../pages/plan"), "PlanPage")) }),
  createRoute({ ...under, path: "/wall", component: allowed(["wall"], lazyRouteComponent(() => import("../pages/wall"), "WallPage")) }),
  createRoute({ ...under, path: "/imports", component: allowed(["imports"], lazyRouteComponent(() => import("../pages/imports"), "ImportsPage")) }),
  createRoute({ ...under, path: "/studies", component: allowed(["assess"], lazyRouteComponent(() => import("../pages/studies"), "StudiesPage")) }),
  createRoute({ ...under, path: "/studies/$study", component: allowed(["assess"], lazyRouteComponent(() => import("../pages/studies"), "StudyPage")) }),
  createRoute({ ...under, path: "/custody", component: allowed(["custody"], lazyRouteComponent(() => import("../pages/custody"), "CustodyPage")) }),
  createRoute({ ...under, path: "/register", component: allowed(["register"], lazyRouteComponent(() => import("../pages/register"), "RegisterPage")) }),
  createRoute({ ...under, path: "/authorities", component: allowed(["authorities"], lazyRouteComponent(() => import("../pages/authorities"), "AuthoritiesPage")) }),
  createRoute({ ...under, path: "/audit", component: allowed(["audit"], lazyRouteComponent(() => import("../pages/audit"), "AuditPage")) }),
  createRoute({ ...under, path: "/people", component: allowed(["people"], lazyRouteComponent(() => import("../pages/people"), "PeoplePage")) }),
  createRoute({ ...under, path: "/settings", component: allowed(["settings"], lazyRouteComponent(() => import("../pages/settings"), "SettingsPage")) }),
  createRoute({ ...under, path: "/account", component: lazyRouteComponent(() => import("../pages/account"), "AccountPage") }),
] as const;

export const router = createRouter({ routeTree: rootRoute.addChildren(routes), defaultPreload: "intent", defaultPendingComponent: Loading, defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} /> });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
