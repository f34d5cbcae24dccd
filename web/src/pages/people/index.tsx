export function PeoplePage() { return <div className="page">people</div>; }
