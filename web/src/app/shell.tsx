/** The frame around every page: where one is, where one may go, who one is. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { CircleUserRound, LogOut, Menu, MessageSquareQuote, WifiOff } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { ApiError, heldReason, holdReason } from "../api/client";
import { useEvents } from "../api/events";
import { signOut } from "../api/queries";
import { Loading } from "../design/states";
import { Button, IconButton, Notice } from "../design/ui";
import { useWords } from "../i18n/words";
import { ReasonDialog } from "./askers";
import { Brand } from "./brand";
import { LangChoice, SchemeChoice } from "./choices";
import { useMay, useMe } from "./me";
import { places } from "./nav";
import { leave } from "./query-client";
import "./shell.css";

export function Shell() {
  const { m } = useWords();
  const line = useEvents();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [open, setOpen] = useState(false);
  const drawer = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the path changed, and that closes the menu
    setOpen(false);
    window.scrollTo(0, 0);
  }, [path]);
  useEffect(() => {
    if (open) drawer.current?.showModal();
    else drawer.current?.close();
  }, [open]);

  return (
    <div className="shell">
      <a className="skip" href="#content" onClick={() => main.current?.focus()}>
        {m.app.skip}
      </a>
      <header className="topbar">
        <IconButton kind="quiet" label={m.app.menu} aria-expanded={open} onClick={() => setOpen(true)}>
          <Menu size={20} aria-hidden />
        </IconButton>
        <Brand />
      </header>
      <dialog ref={drawer} className="drawer" aria-label={m.app.menu} onClose={() => setOpen(false)} onClick={(event) => event.target === drawer.current && setOpen(false)}>
        {open && <Side />}
      </dialog>
      <header className="side-wide">
        <Side />
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {line === "lost" && (
          <p className="line-lost" role="status">
            <WifiOff size={16} aria-hidden /> {m.app.lineLost}
          </p>
        )}
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

function Side() {
  const { case_name: name } = useMe();
  return (
    <div className="side">
      <Brand />
      <p className="case-name">{name}</p>
      <Nav />
      <div className="side-foot">
        <Reason />
        <Self />
        <SchemeChoice />
        <LangChoice />
      </div>
    </div>
  );
}

function Nav() {
  const { m } = useWords();
  const may = useMay();
  return (
    <nav aria-label={m.app.main}>
      {places.map(({ group, places: inGroup }) => {
        const open = inGroup.filter((place) => place.needs.some(may));
        if (!open.length) return null;
        return (
          <div key={group} className="nav-group">
            <p className="nav-title" id={`nav-${group}`}>
              {m.nav[group]}
            </p>
            <ul className="plain">
              {open.map(({ to, name, icon: Icon }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
                    <Icon size={18} strokeWidth={1.75} aria-hidden />
                    {m.nav[name]}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

/** Under which reason one looks, and how to change it. */
function Reason() {
  const { m } = useWords();
  const { needs_reason: needed } = useMe();
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const now = heldReason();
  if (!needed || !now) return null;
  return (
    <>
      <button type="button" className="reason-now" title={m.reason.change} onClick={() => setAsking(true)}>
        <MessageSquareQuote size={16} aria-hidden />
        <span>
          <span className="hidden-text">{m.reason.now}{m.common.colon} </span>
          {now}
        </span>
      </button>
      {asking && (
        <ReasonDialog
          now={now}
          onClose={() => setAsking(false)}
          onReason={(reason) => {
            holdReason(reason);
            setAsking(false);
            void client.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

function Self() {
  const { m } = useWords();
  const { person } = useMe();
  // Where the session had ended already, whatever is refused leaves.
  const going = useMutation({ mutationFn: signOut, onSuccess: leave });
  const stays = going.isError && !(going.error instanceof ApiError && going.error.status === 401);
  return (
    <div className="self">
      <Link to="/account" className="self-name" title={m.app.account}>
        <CircleUserRound size={20} strokeWidth={1.75} aria-hidden />
        <span>
          {person.name}
          <span className="small soft">{person.service_number}</span>
        </span>
      </Link>
      <Button kind="quiet" small className="icon" aria-label={m.app.signOut} title={m.app.signOut} disabled={going.isPending} onClick={() => going.mutate()}>
        <LogOut size={17} aria-hidden />
      </Button>
      {stays && <Notice tone="bad">{m.app.signOutFailed}</Notice>}
    </div>
  );
}
