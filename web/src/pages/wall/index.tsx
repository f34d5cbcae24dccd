export function WallPage() { return <div className="page">wall</div>; }
