export function HandsetsPage() { return <div className="page">handsets</div>; }
