/** What measures do: the studies on offer, and each of them. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { study as studyOf } from "../../api/queries";
import { studyNames } from "../../api/study";
import type { Study, StudyName } from "../../api/study";
import { NotFound } from "../../app/not-found";
import { Badge, PageHead } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Part } from "./part";
import { NotThere, Working } from "./states";
import "./studies.css";

export function StudiesPage() {
  const { m } = useWords();
  return (
    <div className="page">
      <PageHead title={m.studies.title} lead={<p className="studies-lead">{m.studies.lead}</p>} />
      <ul className="plain studies">
        {studyNames.map((name) => (
          <li key={name} className="panel">
            <h2>
              <Link to="/studies/$study" params={{ study: name }}>
                {m.studies.names[name]}
              </Link>
            </h2>
            <p className="soft">{m.studies.asks[name]}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function StudyPage() {
  const { study: word } = useParams({ from: "/studies/$study" });
  const name = studyNames.find((each) => each === word);
  // Another study is another page: nothing of the last one stays.
  return name ? <OneStudy key={name} name={name} /> : <NotFound />;
}

function OneStudy({ name }: { name: StudyName }) {
  const { m, pick } = useWords();
  const query = useQuery(studyOf(name));
  return (
    <div className="page study">
      <PageHead title={query.data ? pick(query.data.title) : m.studies.names[name]} lead={<About name={name} study={query.data} />}>
        {query.data?.exercise && <Badge tone="warn">{m.app.exercise}</Badge>}
      </PageHead>
      <Others />
      {query.data ? query.data.parts.map((part, index) => <Part key={index} part={part} />) : query.isError ? <NotThere error={query.error} retry={() => void query.refetch()} /> : <Working />}
    </div>
  );
}

function About({ name, study }: { name: StudyName; study: Study | undefined }) {
  const { m, pick } = useWords();
  return (
    <>
      <p className="studies-lead">{m.studies.asks[name]}</p>
      {study && <p className="small">{pick(study.about)}</p>}
    </>
  );
}

/** From one study to the next. */
function Others() {
  const { m } = useWords();
  return (
    <nav className="studies-nav" aria-label={m.studies.nav}>
      <Link to="/studies" activeOptions={{ exact: true }} className="back">
        <ArrowLeft size={16} aria-hidden /> {m.studies.all}
      </Link>
      <ul className="plain">
        {studyNames.map((name) => (
          <li key={name}>
            <Link to="/studies/$study" params={{ study: name }} activeProps={{ "aria-current": "page" }}>
              {m.studies.names[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
