import { useEffect, useState } from "react";
import { clockError, clockTime } from "../app/say";
import { useOpen, useView, useWords } from "../app/context";
import { onNewVersion, startNewVersion } from "../app/worker";
import { Button } from "../ui/Button";
import { Screen } from "../ui/Screen";

/** How this phone stands: what isn't sent, the link, the clock, the storage, and the ways out. */
export function Status() {
  const { w, look } = useWords();
  const { go, syncing } = useOpen();
  const view = useView();
  const [update, setUpdate] = useState<ServiceWorker>();
  useEffect(() => onNewVersion(setUpdate), []);
  const offline = view.connection !== "online";
  return (
    <Screen title={w.status.title} foot={<Button kind="main" onPress={syncing.kick}>{w.status.sendNow}</Button>}>
      <section className="card">
        <p className={view.unsent > 0 ? "notice warn" : "notice good"}>
          {view.unsent > 0 ? w.status.unsentLong(view.unsent) : w.status.allSent}
        </p>
        {view.photosUnsent > 0 && <p>{w.status.photos(view.photosUnsent)}</p>}
        <p>{offline ? w.status.offline : w.status.online}</p>
        <p className="soft">
          {view.heardAt === undefined ? w.status.never : w.status.lastHeard(clockTime(look.lang, view.heardAt))}
        </p>
        {view.connection === "denied" && <p className="notice bad">{w.status.denied}</p>}
        {view.standing === "not_enrolled" && <p className="notice warn">{w.status.waiting}</p>}
        {view.standing === "revoked" && <p className="notice bad">{w.status.revoked}</p>}
      </section>
      <section className="card">
        <h2>{w.status.clock}</h2>
        <p>{clockError(w, view.clockAdd)}</p>
        <h2>{w.status.storage}</h2>
        <p>{view.persisted ? w.status.persisted : w.status.notPersisted}</p>
        <h2>{w.status.device}</h2>
        <p className="soft">{view.bundle.you.officer.id} · {view.bundle.you.device.slice(0, 9)}</p>
      </section>
      {update !== undefined && (
        <section className="card">
          <p>{w.status.update}</p>
          <Button onPress={() => startNewVersion(update)}>{w.status.updateGo}</Button>
        </section>
      )}
      <div className="pair">
        <Button onPress={() => look.setLang(look.lang === "fr" ? "en" : "fr")}>{look.lang === "fr" ? "English" : "Français"}</Button>
        <Button onPress={() => look.setScheme(look.scheme === "dark" ? "light" : "dark")}>
          {look.scheme === "dark" ? w.status.light : w.status.dark}
        </Button>
      </div>
      <Button onPress={() => go({ at: "rescue" })}>{w.rescue.title}</Button>
      <Button onPress={() => go({ at: "end" })}>{w.end.title}</Button>
    </Screen>
  );
}
