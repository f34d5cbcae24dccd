export function HandsetPage() { return <div className="page">handset</div>; }
